//! Pins by what they are for, at the top of a program.

/// Makes the struct `Pins`: what a program takes of its chip, by what it is for, in a list that can stand at the top of the
/// program. A pin that is not one of its controller is still refused by the compiler.
///
/// ```text
/// pins! { embassy_rp:
///     i2c: I2C0, scl: PIN_5, sda: PIN_4,
/// }
///
/// let p = Pins::of(embassy_rp::init(Default::default()));
/// let i2c = I2c::new_blocking(p.i2c, p.scl, p.sda, Default::default());
/// ```
#[macro_export]
macro_rules! pins {
    (esp_hal: $($name:ident: $peripheral:ident),* $(,)?) => {
        struct Pins {
            $($name: esp_hal::peripherals::$peripheral<'static>,)*
        }
        impl Pins {
            fn of(all: esp_hal::peripherals::Peripherals) -> Pins {
                Pins { $($name: all.$peripheral,)* }
            }
        }
    };
    ($hal:ident: $($name:ident: $peripheral:ident),* $(,)?) => {
        struct Pins {
            $($name: $hal::Peri<'static, $hal::peripherals::$peripheral>,)*
        }
        impl Pins {
            fn of(all: $hal::Peripherals) -> Pins {
                Pins { $($name: all.$peripheral,)* }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    /// As the HALs are made.
    mod hal {
        pub(crate) struct Peri<'a, T>(pub(crate) T, pub(crate) core::marker::PhantomData<&'a ()>);

        pub(crate) mod peripherals {
            #[derive(Debug, PartialEq)]
            pub(crate) struct I2C0(pub(crate) u8);
            #[derive(Debug, PartialEq)]
            #[allow(non_camel_case_types, reason = "so it is in the HALs")]
            pub(crate) struct PIN_4(pub(crate) u8);
        }

        #[allow(non_snake_case, reason = "so it is in the HALs")]
        pub(crate) struct Peripherals {
            pub(crate) PIN_4: Peri<'static, peripherals::PIN_4>,
            pub(crate) I2C0: Peri<'static, peripherals::I2C0>,
        }
    }

    pins! { hal:
        sda: PIN_4,
        i2c: I2C0,
    }

    #[test]
    fn each_name_is_the_pin_of_the_list() {
        use core::marker::PhantomData;
        let all = hal::Peripherals {
            I2C0: hal::Peri(hal::peripherals::I2C0(1), PhantomData),
            PIN_4: hal::Peri(hal::peripherals::PIN_4(2), PhantomData),
        };
        let Pins { sda, i2c } = Pins::of(all);
        assert_eq!((sda.0, i2c.0), (hal::peripherals::PIN_4(2), hal::peripherals::I2C0(1)));
    }
}
