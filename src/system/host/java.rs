//! What a Java program would say about this computer.

use std::{collections::BTreeMap, env};

/// Java's `os.arch`.
pub(super) fn arch() -> &'static str {
    match env::consts::ARCH {
        "x86_64" if cfg!(not(target_os = "macos")) => "amd64",
        "x86" if cfg!(windows) => "x86",
        "x86" => "i386",
        other => other,
    }
}

/// Java's `os.name`.
pub(super) fn os_name() -> String {
    if cfg!(target_os = "macos") {
        "Mac OS X".to_owned()
    } else if cfg!(windows) {
        windows_name()
    } else if cfg!(target_os = "linux") {
        "Linux".to_owned()
    } else {
        env::consts::OS.to_owned()
    }
}

#[cfg(windows)]
fn windows_name() -> String {
    // The build number is the only thing in which 11 differs from 10.
    let eleven = windows_version::OsVersion::current().build >= 22_000;
    format!("Windows {}", if eleven { "11" } else { "10" })
}

#[cfg(not(windows))]
fn windows_name() -> String {
    String::new()
}

/// The system properties of contract section 2.
pub(super) fn properties() -> BTreeMap<String, String> {
    let (language, country) = locale();
    let separators = if cfg!(windows) {
        ("\\", ";")
    } else {
        ("/", ":")
    };
    let path = |path: Option<std::path::PathBuf>| path.map(|path| path.display().to_string());
    let user = user_name();
    [
        ("user.name", user),
        ("user.home", path(env::home_dir())),
        ("user.dir", path(env::current_dir().ok())),
        ("user.language", Some(language)),
        ("user.country", country),
        ("os.name", Some(os_name())),
        ("os.arch", Some(arch().to_owned())),
        ("os.version", os_version()),
        ("file.separator", Some(separators.0.to_owned())),
        ("path.separator", Some(separators.1.to_owned())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// The user's name, first from the system's list as Java has it: a service
/// manager starts programs without an environment.
fn user_name() -> Option<String> {
    let listed = listed_name();
    listed.or_else(|| {
        ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| env::var(name).ok())
    })
}

#[cfg(unix)]
fn listed_name() -> Option<String> {
    let list = std::fs::read_to_string("/etc/passwd").ok()?;
    let user = rustix::process::getuid().as_raw().to_string();
    list.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == user).then(|| name.to_owned())
    })
}

#[cfg(not(unix))]
fn listed_name() -> Option<String> {
    None
}

#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn os_version() -> Option<String> {
    let version = windows_version::OsVersion::current();
    Some(format!("{}.{}", version.major, version.minor))
}

#[cfg(not(windows))]
fn os_version() -> Option<String> {
    // Other systems have no such file.
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    Some(release.trim().to_owned())
}

/// Language and country; `en` without a country for `C`, as Java has it.
fn locale() -> (String, Option<String>) {
    parse_locale(&locale_name().unwrap_or_default())
}

/// What the user chose in the system's settings.
#[cfg(any(windows, target_os = "macos"))]
fn locale_name() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(not(any(windows, target_os = "macos")))]
fn locale_name() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

fn parse_locale(name: &str) -> (String, Option<String>) {
    let name = name.split(['.', '@']).next().unwrap_or_default();
    if matches!(name, "" | "C" | "POSIX") {
        return ("en".to_owned(), None);
    }
    let mut parts = name.split(['_', '-']);
    let language = parts.next().unwrap_or_default().to_owned();
    // A script has four letters, an extension begins with one.
    let country = parts
        .take_while(|part| part.len() > 1)
        .find(|part| part.len() < 4)
        .map(str::to_owned);
    (language, country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_gives_language_and_country() {
        let parse = |name: &str| {
            let (language, country) = parse_locale(name);
            format!("{language}/{}", country.unwrap_or_default())
        };
        assert_eq!(parse("de_CH.UTF-8"), "de/CH");
        assert_eq!(parse("fr@euro"), "fr/");
        assert_eq!(parse("zh-Hans-CN"), "zh/CN");
        assert_eq!(parse("es-419"), "es/419");
        assert_eq!(parse("de-u-co-phonebk"), "de/");
        assert_eq!(parse("C.UTF-8"), "en/");
        assert_eq!(parse(""), "en/");
    }

    #[test]
    fn the_properties_of_the_contract_are_there() {
        let properties = properties();
        for name in [
            "user.dir",
            "user.language",
            "os.name",
            "os.arch",
            "file.separator",
        ] {
            assert!(!properties[name].is_empty(), "{name}");
        }
    }
}
