//! A guest: the simulated sensor under Debian's own arm64 kernel, with its driver of a USB adapter and its i2c-tools.
//!
//! QEMU is handed the adapter by `mlsensor sim usbredir` on this machine; inside, `mlsensor sim attach` plugs in a
//! second one. What the guest does is in `xtask/guest/init`, what must come of it in [`expect`].

mod board;
mod cross;
mod expect;
mod initramfs;
mod machine;
mod modules;
mod packages;

use std::{fs, path::Path, time::Duration};

use crate::{call::Call, debian, failure::Failure, project, project::Project, steps::Done};
pub(crate) use board::Board;
use cross::Cross;
use initramfs::Initramfs;
use machine::Running;
use packages::Packages;

/// Longer than any guest took, on the slowest machine: only that nothing hangs for ever.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the guest asks of its kernel. The rest they ask for themselves.
const MODULES: [&str; 2] = ["i2c-tiny-usb", "i2c-dev"];
/// What `mlsensor sim attach` asks for besides.
const HELD_BACK: &str = "vhci-hcd";

/// Who is in front of each sensor: of the one outside, and of the one that the guest attaches.
const NOBODY: &str = "nobody.toml";
const SOMEBODY: &str = "somebody.toml";

/// Debian's programs in the guest, and where they are.
const PROGRAMS: [&str; 3] = ["bin/busybox", "usr/sbin/i2cdetect", "usr/sbin/i2ctransfer"];

pub(crate) fn run(project: &Project, board: Board) -> Result<Done, Failure> {
    if let Some(why) = debian::not_here() {
        return Ok(Done::NotRun(why));
    }
    let folder = project.target.join("guest");
    let cross = Cross::find(project, &folder)?;
    let packages = match Packages::fetch(project, &folder.join("packages"), cross.version.as_deref())? {
        Ok(packages) => packages,
        Err(why) => return Ok(Done::NotRun(why)),
    };
    let cross = cross.link_with(project, &packages.arm64, &folder)?;
    Call::cargo(project, "build --locked -p mlsensor-host --bin mlsensor")
        .run("XTASK-GUEST-BUILD", "the command `mlsensor` does not build")?;
    let image = folder.join("initramfs");
    let built = [cross.mlsensor(project)?, cross.read_latency(project)?];
    make_image(&packages, &built, project, board, &image)?;
    guest(project, &packages, board, &image, &folder)?;
    Ok(Done::Passed)
}

/// Everything that the guest has, in one file.
fn make_image(
    packages: &Packages,
    built: &[impl AsRef<Path>],
    project: &Project,
    board: Board,
    path: &Path,
) -> Result<(), Failure> {
    let mut image = Initramfs::default();
    for folder in ["bin", "dev", "lib", "proc", "sys", "tmp", "usr/lib", "usr/sbin"] {
        image.folder(folder);
    }
    for file in ["init", SOMEBODY] {
        image.file(file, &read(&project.root.join("xtask/guest").join(file))?);
    }
    for program in PROGRAMS {
        image.file(program, &read(&packages.arm64.join(program))?);
    }
    for program in built.iter().map(AsRef::as_ref) {
        image.file(&format!("bin/{}", project::stem(program)), &read(program)?);
    }
    for libraries in ["lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu"] {
        image.folder(libraries);
        for library in project::files(&packages.arm64.join(libraries))? {
            let name = library.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Libraries that programs are linked with have no number, and are not needed to run one.
            if name.contains(".so.") {
                image.file(&format!("{libraries}/{name}"), &read(&library)?);
            }
        }
    }
    let loader = "lib/ld-linux-aarch64.so.1";
    image.file(loader, &read(&packages.arm64.join(loader))?);
    let release = packages.release()?;
    let at_start = [board.modules(), &MODULES].concat();
    image.file("modules", at_start.join(" ").as_bytes());
    let wanted = [&at_start[..], &[HELD_BACK]].concat();
    let modules = modules::with_dependencies(&packages.arm64.join("lib/modules").join(&release), &wanted)?;
    let home = format!("lib/modules/{release}");
    image.folder("lib/modules");
    image.folder(&home);
    for module in &modules {
        image.file(&format!("{home}/{}.ko", module.name), &read(&module.path)?);
    }
    image.file(&format!("{home}/modules.dep"), modules::list(&modules).as_bytes());
    fs::write(path, image.finish()).map_err(|error| Failure::io(path, &error))
}

/// Runs the guest, and looks at what it said.
fn guest(
    project: &Project,
    packages: &Packages,
    board: Board,
    image: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let socket = folder.join("usbredir.socket");
    let mlsensor =
        |arguments: &str| Call::new(project, project.target.join("debug/mlsensor"), "mlsensor", arguments);
    let seen =
        mlsensor(&format!("read --count 1 --json sim:xtask/guest/{SOMEBODY}")).printed().unwrap_or_default();
    let Some(seen) = expect::faces(&seen) else {
        return Err(Failure::new(
            "XTASK-GUEST",
            format!("`mlsensor read` prints no reading of a simulated sensor: {seen:?}"),
            "what it prints with --json has changed",
            format!("target/debug/mlsensor read --count 1 --json sim:xtask/guest/{SOMEBODY}"),
        ));
    };
    let simulator = mlsensor(&format!("sim usbredir --scenario xtask/guest/{NOBODY}")).arg(&socket);
    let mut simulator = Running::start(simulator)?;
    let options = simulator.line(PATIENCE)?;
    if !options.contains("-device usb-redir") {
        return Err(simulator.failed("`mlsensor sim usbredir` does not say how QEMU gets at it"));
    }
    let qemu = packages
        .qemu(project)
        .args("-nodefaults -display none -no-reboot".split(' '))
        .arg("-kernel")
        .arg(packages.kernel()?)
        .arg("-initrd")
        .arg(image);
    // The console of a Raspberry Pi is its second serial port.
    let qemu = board.equip(qemu, packages, &options)?.args(["-serial", "stdio"]);
    let mut qemu = Running::start(qemu)?;
    qemu.wait_for_end(PATIENCE)?;
    let verdict = expect::judge(qemu.said(), seen).map_err(|what| qemu.failed(&what))?;
    simulator.end(project, PATIENCE)?;
    if socket.exists() {
        return Err(simulator.failed("`mlsensor sim usbredir` left its socket behind"));
    }
    println!("{verdict}");
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::io(path, &error))
}
