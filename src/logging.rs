//! The log: a file in the platform's state folder, a new one each day and
//! seven kept, and standard error as far as the command line asks for it.
//! Only this program's own events are written; they hold codes, no values.

use std::path::Path;

use tracing::Level;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// How many days are kept.
const DAYS: usize = 7;
const OWN: &str = env!("CARGO_CRATE_NAME");

/// Starts logging: to `folder` if there is one and it can be written, and to
/// standard error from warnings (0) over all (1) to every detail (2).
pub fn start(folder: Option<&Path>, verbosity: u8) {
    let level = match verbosity {
        0 => Level::ERROR,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let file = folder.and_then(appender).map(|appender| {
        let to = std::sync::Mutex::new(appender);
        fmt::layer()
            .with_ansi(false)
            .with_writer(to)
            .with_filter(Targets::new().with_target(OWN, Level::INFO))
    });
    let console = fmt::layer()
        .with_writer(std::io::stderr)
        .without_time()
        .with_filter(Targets::new().with_target(OWN, level));
    // A second start, as in a test, keeps the first.
    let _ = tracing_subscriber::registry()
        .with(file)
        .with(console)
        .try_init();
}

fn appender(folder: &Path) -> Option<RollingFileAppender> {
    make_folder(folder).ok()?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("provisioning-settings")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .ok()
}

/// Makes the folder, for this user alone.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
