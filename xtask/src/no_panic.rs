//! Proof by inspection that the driver cannot panic: programs that use all of it, with input of which the
//! compiler knows nothing, hold no panic routine once the linker has dropped what nothing refers to.
//!
//! One panic cannot be got rid of: the body of every `async fn` begins with "was I polled again after I was
//! ready?". Whether the caller does that is not the driver's to decide (and no executor does). So the
//! program with the async methods may hold that one panic, if every way into the panic routine leads
//! through it.

use crate::{
    call::Call,
    coverage,
    failure::Failure,
    program::{Program, Routine},
    project::Project,
    toolchain::{MCU_TARGET, Mcu},
};

pub(crate) const PACKAGE: &str = "sensor-driver/no-panic";

/// What a program may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// No panic at all.
    Never,
    /// Only the panic of a future that is polled again after it was ready.
    OnlyResumed,
    /// The control: a panic and software floating point, or else the check sees nothing.
    Control,
}

const PROGRAMS: [(&str, Rule); 5] = [
    ("control", Rule::Control),
    ("blocking", Rule::Never),
    ("values", Rule::Never),
    ("behavior", Rule::Never),
    ("awaited", Rule::OnlyResumed),
];

/// Small, as firmware is mostly built; smallest; fastest. What the optimiser drops differs.
const OPT_LEVELS: [&str; 3] = ["s", "z", "3"];

const RESUMED: &str = "panic_const_async_fn_resumed";

pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    coverage::check(project)?;
    let mcu = Mcu::find(project, &[MCU_TARGET])?;
    let mut sizes = String::new();
    for opt_level in OPT_LEVELS {
        let build =
            format!("build --locked --release --manifest-path {PACKAGE}/Cargo.toml --target {MCU_TARGET}");
        let build = mcu
            .equip(Call::cargo(project, &build))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
            .env("RUSTFLAGS", "-Clink-arg=--emit-relocs");
        build.run("XTASK-NO-PANIC-BUILD", "the programs use something of the driver that has changed")?;
        for (name, rule) in PROGRAMS {
            let program = Program::read(&mcu.release(MCU_TARGET).join(name))?;
            judge(name, rule, &program).map_err(|verdict| verdict.explain(name, opt_level))?;
            sizes.push_str(&format!(
                "{name:<10}opt-level {opt_level}{:>8} bytes of code\n",
                program.code_size
            ));
        }
    }
    println!("no panic routine, no software floating point:\n{}", sizes.trim_end());
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It does not say who calls whom.
    Mute,
    Panics(Vec<String>),
    Floats(Vec<String>),
    Blind(&'static str),
}

fn judge(name: &str, rule: Rule, program: &Program) -> Result<(), Verdict> {
    if program.references == 0 {
        return Err(Verdict::Mute);
    }
    let panics: Vec<&Routine> = program.routines.iter().filter(|routine| is_panic(&routine.name)).collect();
    let floats: Vec<&Routine> = program.routines.iter().filter(|routine| is_float(&routine.name)).collect();
    if rule == Rule::Control {
        return match (panics.is_empty(), floats.is_empty()) {
            (true, _) => Err(Verdict::Blind("panic routine")),
            (_, true) => Err(Verdict::Blind("routine for floating point")),
            (false, false) => Ok(()),
        };
    }
    let is_allowed = |routine: &Routine| rule == Rule::OnlyResumed && leads_through_resumed(routine);
    let (inner, entry): (Vec<&Routine>, Vec<&Routine>) =
        panics.iter().filter(|routine| !is_allowed(routine)).partition(|routine| only_from_panics(routine));
    if !entry.is_empty() || !inner.is_empty() {
        // Those that the driver itself calls tell where to look; the rest follows from them.
        let told = if entry.is_empty() { inner } else { entry };
        return Err(Verdict::Panics(told.into_iter().map(describe).collect()));
    }
    if !floats.is_empty() {
        return Err(Verdict::Floats(floats.iter().map(|routine| describe(routine)).collect()));
    }
    if let Some(resumed) = panics.iter().find(|routine| routine.name.contains(RESUMED)) {
        let count = resumed.callers.len();
        println!("{name}: {count} async functions check that they are not polled again after they are ready");
    }
    Ok(())
}

fn is_panic(name: &str) -> bool {
    name.contains("panic") || name.contains("rust_begin_unwind")
}

/// The routines that compilers call for floating point on a processor that has none.
fn is_float(name: &str) -> bool {
    let name = name.rsplit("::").next().unwrap_or(name);
    let of_arm = ["__aeabi_f", "__aeabi_d", "__aeabi_cf", "__aeabi_cd"];
    let to_float = ["2f", "2d"];
    let of_gcc = ["sf2", "sf3", "df2", "df3", "sfsi", "dfsi", "sfdi", "dfdi", "sisf", "sidf", "disf", "didf"];
    of_arm.iter().any(|start| name.starts_with(start))
        || name.starts_with("__aeabi_") && to_float.iter().any(|end| name.ends_with(end))
        || name.starts_with("__") && of_gcc.iter().any(|end| name.ends_with(end))
}

/// Whether this is the panic of a resumed future, or a part of the panic routine that only such parts call.
fn leads_through_resumed(routine: &Routine) -> bool {
    routine.name.contains(RESUMED) || only_from_panics(routine)
}

fn only_from_panics(routine: &Routine) -> bool {
    !routine.callers.is_empty() && routine.callers.iter().all(|caller| is_panic(caller))
}

fn describe(routine: &Routine) -> String {
    let callers: Vec<&str> = routine.callers.iter().map(String::as_str).collect();
    let callers = if callers.is_empty() { "nobody that is known".to_owned() } else { callers.join(", ") };
    format!("{}, called by {callers}", routine.name)
}

impl Verdict {
    fn explain(self, program: &str, opt_level: &str) -> Failure {
        let at = format!("program `{program}` at opt-level {opt_level}");
        match self {
            Verdict::Panics(found) => Failure::new(
                "XTASK-PANIC",
                format!("{at} can panic: {}", found.join("; ")),
                "the driver indexes, slices, divides or unwraps where the optimiser cannot see that it is safe: \
                 use `get`, `split_first_chunk`, `checked_div` or a pattern",
                "cargo xtask no-panic",
            ),
            Verdict::Floats(found) => Failure::new(
                "XTASK-FLOAT",
                format!("{at} computes in floating point: {}", found.join("; ")),
                "the driver, or a dependency, uses f32 or f64: use integers in a smaller unit",
                "cargo xtask no-panic",
            ),
            Verdict::Mute => Failure::new(
                "XTASK-NO-RELOCATIONS",
                format!("{at} holds no relocations, so nobody knows who calls whom"),
                "the linker was not asked for them, or does not know `--emit-relocs`",
                "cargo xtask no-panic",
            ),
            Verdict::Blind(what) => Failure::new(
                "XTASK-CONTROL",
                format!(
                    "{at} was made to hold a {what}, and the check finds none: it would find none anywhere"
                ),
                "the compiler has renamed it: look at the names with `nm`, and change xtask/src/no_panic.rs",
                "cargo xtask no-panic",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESUME: &str = "core::panicking::panic_const::panic_const_async_fn_resumed";
    const FMT: &str = "core::panicking::panic_fmt";
    const BOUNDS: &str = "core::panicking::panic_bounds_check";

    /// A program with these routines, each with its callers in one string.
    fn program(routines: &[(&str, &str)]) -> Program {
        let routine = |&(name, callers): &(&str, &str)| Routine {
            name: name.into(),
            callers: callers.split_whitespace().map(Into::into).collect(),
        };
        Program { code_size: 0, references: 1, routines: routines.iter().map(routine).collect() }
    }

    #[test]
    fn any_way_into_the_panic_routine_is_found() {
        let clean = program(&[("mlsensor::read", "_start"), ("__aeabi_memcpy", "mlsensor::read")]);
        assert_eq!(judge("blocking", Rule::Never, &clean), Ok(()));
        let bad = program(&[(BOUNDS, "mlsensor::read")]);
        let found = format!("{BOUNDS}, called by mlsensor::read");
        assert_eq!(judge("blocking", Rule::Never, &bad), Err(Verdict::Panics(vec![found])));
    }

    #[test]
    fn a_program_that_does_not_say_who_calls_whom_proves_nothing() {
        for rule in [Rule::Never, Rule::OnlyResumed, Rule::Control] {
            let mute = Program { references: 0, ..program(&[(FMT, "_start"), ("__aeabi_fdiv", "_start")]) };
            assert_eq!(judge("blocking", rule, &mute), Err(Verdict::Mute));
        }
    }

    #[test]
    fn an_async_program_may_hold_the_one_panic_that_it_must_and_no_other() {
        let must = [(RESUME, "mlsensor::read"), ("__rustc::rust_begin_unwind", FMT)];
        let with = |more: &[_]| program(&[&must, more].concat());
        let good = with(&[(FMT, RESUME)]);
        assert_eq!(judge("awaited", Rule::OnlyResumed, &good), Ok(()));
        assert!(judge("awaited", Rule::Never, &good).is_err());
        let directly = format!("{RESUME} mlsensor::read");
        let elsewhere = format!("{RESUME} {BOUNDS}");
        for bad in [
            with(&[(FMT, &directly)]),
            with(&[(FMT, "")]),
            with(&[(FMT, &elsewhere), (BOUNDS, "mlsensor::read")]),
        ] {
            assert!(matches!(judge("awaited", Rule::OnlyResumed, &bad), Err(Verdict::Panics(_))));
        }
    }

    #[test]
    fn a_control_that_holds_nothing_breaks_the_check() {
        let (panics, floats) = ((FMT, "_start"), ("__aeabi_fdiv", "_start"));
        assert_eq!(judge("control", Rule::Control, &program(&[panics, floats])), Ok(()));
        assert!(matches!(judge("control", Rule::Control, &program(&[panics])), Err(Verdict::Blind(_))));
        assert!(matches!(judge("control", Rule::Control, &program(&[floats])), Err(Verdict::Blind(_))));
    }

    #[test]
    fn floating_point_is_told_from_integers() {
        let of_arm = "__aeabi_fadd __aeabi_dcmplt __aeabi_cfcmple __aeabi_cdcmple __aeabi_ui2f __aeabi_l2d";
        let of_gcc = "__eqsf2 __divsf3 __ltdf2 __muldf3 __fixsfsi __fixunsdfsi __fixsfdi __fixdfdi __floatsisf \
                      __floatunsidf __floatdisf __floatdidf __truncdfsf2 a::__muldf3";
        for float in of_arm.split_whitespace().chain(of_gcc.split_whitespace()) {
            assert!(is_float(float), "{float}");
        }
        let integers = "__aeabi_uidiv __aeabi_lmul __aeabi_memcpy __aeabi_uldivmod __clzsi2 __udivsi3 __divdi3 \
                        __ucmpdi2 mlsensor::df3 mlsensor::to_2f";
        for integer in integers.split_whitespace() {
            assert!(!is_float(integer), "{integer}");
        }
    }
}
