//! From an angle to the pulse of a hobby servo.

/// A hobby servo: what pulse brings it to which angle.
///
/// ```
/// use mlsensor::behavior::Servo;
///
/// let servo = Servo::default();
/// assert_eq!(servo.pulse_us(0), 1500);
/// assert_eq!(servo.pulse_us(45_000), 2000);
/// assert_eq!(servo.pulse_us(1_000_000), 2500); // never past its stops
/// ```
///
/// With a PWM of embedded-hal that runs at 50 Hz, 20 ms a period:
/// `pwm.set_duty_cycle_fraction(servo.pulse_us(angles.pan_millideg), 20_000)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Servo {
    /// The pulse for an angle of 0, in microseconds. 1500 unless changed, as servos are made.
    pub center_us: u16,
    /// How much longer the pulse is for 90 degrees, in microseconds. 1000 unless changed: 500 to 2500 for 180 degrees
    /// is what small servos take. Turn one by hand-made pulses before you trust it.
    pub us_per_90_deg: u16,
    /// The shortest pulse to send, in microseconds. 500 unless changed.
    pub min_us: u16,
    /// The longest pulse to send, in microseconds. 2500 unless changed.
    pub max_us: u16,
}

impl Servo {
    /// As `Default`, for use in constants.
    pub const DEFAULT: Servo = Servo { center_us: 1500, us_per_90_deg: 1000, min_us: 500, max_us: 2500 };

    /// The same with other pulses for 0 and for 90 degrees beyond it, in microseconds.
    #[must_use]
    pub const fn with_pulses(self, center_us: u16, us_per_90_deg: u16) -> Self {
        Servo { center_us, us_per_90_deg, ..self }
    }

    /// The same with another shortest and longest pulse, in microseconds.
    #[must_use]
    pub const fn with_stops(self, min_us: u16, max_us: u16) -> Self {
        Servo { min_us, max_us, ..self }
    }

    /// The pulse for an angle in thousandths of a degree, in microseconds: between the shortest and the longest. Angles
    /// count in whole tenths of a degree, and for no more than a full turn.
    #[must_use]
    pub fn pulse_us(&self, angle_millideg: i32) -> u16 {
        // Tenths of a degree, so that 32 bits hold the product: |angle| <= 3600 * 65535.
        let tenths = angle_millideg.clamp(-360_000, 360_000) / 100;
        let beyond = tenths.saturating_mul(i32::from(self.us_per_90_deg)) / 900;
        let pulse = i32::from(self.center_us).saturating_add(beyond);
        let pulse = pulse.min(i32::from(self.max_us)).max(i32::from(self.min_us));
        pulse.clamp(0, i32::from(u16::MAX)) as u16
    }
}

impl Default for Servo {
    fn default() -> Self {
        Servo::DEFAULT
    }
}
