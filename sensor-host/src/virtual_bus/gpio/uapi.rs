//! What `<linux/gpio.h>` lays down: requests and structures, typed from the header by hand.
//!
//! Fields that nobody looks at are named as in the header all the same, so that the two can be laid side by side.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::virtual_bus::{Errno, Memory};

/// `GPIO_MAX_NAME_SIZE`.
pub(super) const NAME_SIZE: usize = 32;
/// `GPIOHANDLES_MAX` and `GPIO_V2_LINES_MAX`.
pub(super) const LINES_MAX: usize = 64;
/// `GPIO_V2_LINE_NUM_ATTRS_MAX`.
pub(super) const ATTRIBUTES_MAX: usize = 10;

// The requests of a chip.
pub(super) const GET_CHIPINFO: u32 = 0x8044_B401;
pub(super) const GET_LINEINFO: u32 = 0xC048_B402;
pub(super) const GET_LINEHANDLE: u32 = 0xC16C_B403;
pub(super) const GET_LINEEVENT: u32 = 0xC030_B404;
pub(super) const V2_GET_LINEINFO: u32 = 0xC100_B405;
pub(super) const V2_GET_LINEINFO_WATCH: u32 = 0xC100_B406;
pub(super) const V2_GET_LINE: u32 = 0xC250_B407;
pub(super) const GET_LINEINFO_WATCH: u32 = 0xC048_B40B;
pub(super) const GET_LINEINFO_UNWATCH: u32 = 0xC004_B40C;

// The requests of lines.
pub(super) const HANDLE_GET_VALUES: u32 = 0xC040_B408;
pub(super) const HANDLE_SET_VALUES: u32 = 0xC040_B409;
pub(super) const HANDLE_SET_CONFIG: u32 = 0xC054_B40A;
pub(super) const V2_SET_CONFIG: u32 = 0xC110_B40D;
pub(super) const V2_GET_VALUES: u32 = 0xC010_B40E;
pub(super) const V2_SET_VALUES: u32 = 0xC010_B40F;

/// The offset of `fd` in `gpiohandle_request`.
pub(super) const HANDLE_REQUEST_FD: u64 = 360;
/// The offset of `fd` in `gpioevent_request`.
pub(super) const EVENT_REQUEST_FD: u64 = 44;
/// The offset of `fd` in `gpio_v2_line_request`.
pub(super) const LINE_REQUEST_FD: u64 = 588;

/// Bytes that end with the first zero.
pub(super) type Name = [u8; NAME_SIZE];

/// `struct gpiochip_info`, 68 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct ChipInfo {
    pub(super) name: Name,
    pub(super) label: Name,
    pub(super) lines: u32,
}

/// `struct gpio_v2_line_attribute`, 16 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct Attribute {
    pub(super) id: u32,
    pub(super) padding: u32,
    /// `flags`, `values`, or `debounce_period_us` in the first half.
    pub(super) value: u64,
}

impl Attribute {
    pub(super) const FLAGS: u32 = 1;
    pub(super) const OUTPUT_VALUES: u32 = 2;
    pub(super) const DEBOUNCE: u32 = 3;

    pub(super) fn debounce(period_us: u32) -> Attribute {
        Attribute { id: Attribute::DEBOUNCE, padding: 0, value: zerocopy::transmute!([period_us, 0]) }
    }

    pub(super) fn debounce_us(self) -> u32 {
        let [period_us, _]: [u32; 2] = zerocopy::transmute!(self.value);
        period_us
    }
}

/// `struct gpio_v2_line_config_attribute`, 24 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct ConfigAttribute {
    pub(super) attr: Attribute,
    pub(super) mask: u64,
}

/// `struct gpio_v2_line_config`, 272 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineConfig {
    pub(super) flags: u64,
    pub(super) num_attrs: u32,
    pub(super) padding: [u32; 5],
    pub(super) attrs: [ConfigAttribute; ATTRIBUTES_MAX],
}

/// `struct gpio_v2_line_request`, 592 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineRequest {
    pub(super) offsets: [u32; LINES_MAX],
    pub(super) consumer: Name,
    pub(super) config: LineConfig,
    pub(super) num_lines: u32,
    pub(super) event_buffer_size: u32,
    pub(super) padding: [u32; 5],
    pub(super) fd: i32,
}

/// `struct gpio_v2_line_values`, 16 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineValues {
    pub(super) bits: u64,
    pub(super) mask: u64,
}

/// `struct gpio_v2_line_info`, 256 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineInfo {
    pub(super) name: Name,
    pub(super) consumer: Name,
    pub(super) offset: u32,
    pub(super) num_attrs: u32,
    pub(super) flags: u64,
    pub(super) attrs: [Attribute; ATTRIBUTES_MAX],
    pub(super) padding: [u32; 4],
}

/// `struct gpio_v2_line_info_changed`, 288 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineInfoChanged {
    pub(super) info: LineInfo,
    pub(super) timestamp_ns: u64,
    pub(super) event_type: u32,
    pub(super) padding: [u32; 5],
}

/// `struct gpio_v2_line_event`, 48 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineEvent {
    pub(super) timestamp_ns: u64,
    pub(super) id: u32,
    pub(super) offset: u32,
    pub(super) seqno: u32,
    pub(super) line_seqno: u32,
    pub(super) padding: [u32; 6],
}

/// `struct gpioline_info` of version 1, 72 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineInfoV1 {
    pub(super) line_offset: u32,
    pub(super) flags: u32,
    pub(super) name: Name,
    pub(super) consumer: Name,
}

/// `struct gpioline_info_changed` of version 1, 104 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct LineInfoChangedV1 {
    pub(super) info: LineInfoV1,
    pub(super) timestamp: u64,
    pub(super) event_type: u32,
    pub(super) padding: [u32; 5],
}

/// `struct gpiohandle_request` of version 1, 364 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct HandleRequest {
    pub(super) lineoffsets: [u32; LINES_MAX],
    pub(super) flags: u32,
    pub(super) default_values: [u8; LINES_MAX],
    pub(super) consumer_label: Name,
    pub(super) lines: u32,
    pub(super) fd: i32,
}

/// `struct gpiohandle_config` of version 1, 84 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct HandleConfig {
    pub(super) flags: u32,
    pub(super) default_values: [u8; LINES_MAX],
    pub(super) padding: [u32; 4],
}

/// `struct gpiohandle_data` of version 1, 64 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct HandleData {
    pub(super) values: [u8; LINES_MAX],
}

/// `struct gpioevent_request` of version 1, 48 bytes.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct EventRequest {
    pub(super) lineoffset: u32,
    pub(super) handleflags: u32,
    pub(super) eventflags: u32,
    pub(super) consumer_label: Name,
    pub(super) fd: i32,
}

/// `struct gpioevent_data` of version 1, 16 bytes with the padding that 64-bit programs have.
#[repr(C)]
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
pub(super) struct EventData {
    pub(super) timestamp: u64,
    pub(super) id: u32,
    pub(super) padding: u32,
}

/// A structure of the program.
pub(super) fn get<T: FromBytes + IntoBytes>(memory: &mut dyn Memory, at: u64) -> Result<T, Errno> {
    let mut structure = T::new_zeroed();
    memory.read(at, structure.as_mut_bytes())?;
    Ok(structure)
}

/// Gives a structure to the program.
pub(super) fn put<T: IntoBytes + Immutable>(
    memory: &mut dyn Memory,
    at: u64,
    structure: &T,
) -> Result<(), Errno> {
    memory.write(at, structure.as_bytes())
}

/// A name as the kernel keeps one: cut to 31 bytes, and at the first zero.
pub(super) fn name(text: &[u8]) -> Name {
    let mut name = [0; NAME_SIZE];
    let text = text.iter().take(NAME_SIZE - 1).take_while(|&&byte| byte != 0);
    for (byte, &of) in name.iter_mut().zip(text) {
        *byte = of;
    }
    name
}

const _: () = {
    assert!(size_of::<ChipInfo>() == 68);
    assert!(size_of::<LineConfig>() == 272);
    assert!(size_of::<LineRequest>() == 592);
    assert!(size_of::<LineValues>() == 16);
    assert!(size_of::<LineInfo>() == 256);
    assert!(size_of::<LineInfoChanged>() == 288);
    assert!(size_of::<LineEvent>() == 48);
    assert!(size_of::<LineInfoV1>() == 72);
    assert!(size_of::<LineInfoChangedV1>() == 104);
    assert!(size_of::<HandleRequest>() == 364);
    assert!(size_of::<HandleConfig>() == 84);
    assert!(size_of::<HandleData>() == 64);
    assert!(size_of::<EventRequest>() == 48);
    assert!(size_of::<EventData>() == 16);
    assert!(std::mem::offset_of!(HandleRequest, fd) as u64 == HANDLE_REQUEST_FD);
    assert!(std::mem::offset_of!(EventRequest, fd) as u64 == EVENT_REQUEST_FD);
    assert!(std::mem::offset_of!(LineRequest, fd) as u64 == LINE_REQUEST_FD);
};
