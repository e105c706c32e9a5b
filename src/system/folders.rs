//! Where the platform keeps a program's settings, site files and logs
//! (product: files).

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

const NAME: &str = "provisioning-settings";

/// The platform's configuration folder for this program, `None` if there is
/// no home directory.
pub fn default_home() -> Option<PathBuf> {
    let dirs = if cfg!(target_os = "linux") {
        ProjectDirs::from("", "", NAME)
    } else {
        ProjectDirs::from("", "", "Provisioning Settings")
    };
    dirs.map(|dirs| dirs.config_dir().to_owned())
}

/// The folder of the administrator's files.
pub fn default_site() -> PathBuf {
    if cfg!(windows) {
        let root = std::env::var_os("ProgramData").unwrap_or_else(|| "C:\\ProgramData".into());
        PathBuf::from(root).join("Provisioning Settings")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Provisioning Settings")
    } else {
        PathBuf::from("/etc").join(NAME)
    }
}

/// The folder of the logs: the platform's state folder for the default home,
/// a folder beside the store for any other.
pub fn logs(home: &Path) -> PathBuf {
    if default_home().as_deref() == Some(home)
        && let Some(dirs) = ProjectDirs::from("", "", NAME)
    {
        return dirs
            .state_dir()
            .unwrap_or_else(|| dirs.data_local_dir())
            .join("logs");
    }
    home.join("logs")
}

/// Makes everything that this process writes from now on readable for this
/// user alone, logs too.
pub fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}
