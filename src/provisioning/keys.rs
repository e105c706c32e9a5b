//! The keys that the program itself reads and writes (contract section 1).

/// Random v4 UUID, lower case, made once.
pub const UUID: &str = "net.java.sip.communicator.UUID";
/// The method: `DHCP`, `Bonjour`, `Manual`, `NONE` or absent.
pub const METHOD: &str = "net.java.sip.communicator.plugin.provisioning.METHOD";
/// The provisioning URI with its tokens unexpanded.
pub const URL: &str = "net.java.sip.communicator.plugin.provisioning.URL";
/// The remembered user name.
pub const USERNAME: &str = "net.java.sip.communicator.plugin.provisioning.auth.USERNAME";
/// `true`: a run has to end in applied settings.
pub const MANDATORY: &str = "net.java.sip.communicator.plugin.provisioning.MANDATORY";
/// `true`: the Provisioning pane is not offered.
pub const DISABLED: &str = "net.java.sip.communicator.plugin.provisionconfig.DISABLED";
/// Used when [`METHOD`] is absent.
pub const DEFAULT_METHOD: &str = "plugin.provisioning.DEFAULT_PROVISIONING_METHOD";
/// Used when [`URL`] is absent.
pub const DEFAULT_URI: &str = "plugin.provisioning.DEFAULT_PROVISIONING_URI";
/// Link shown in the credential prompt.
pub const SIGN_UP_LINK: &str = "plugin.provisioning.SIGN_UP_LINK";
/// Name of the program that the settings are for.
pub const APPLICATION_NAME: &str = "service.gui.APPLICATION_NAME";
/// Its version.
pub const APPLICATION_VERSION: &str = "sip-communicator.version";
/// Value of `${locale}`.
pub const DEFAULT_LOCALE: &str = "net.java.sip.communicator.service.resources.DefaultLocale";
/// Site files only: origins that discovery may use without asking.
pub const TRUSTED_ORIGINS: &str = "trusted-origins";

/// The keys that survive an ENFORCE (contract section 5, rule 3b).
pub const KEPT: [&str; 4] = [UUID, METHOD, URL, USERNAME];

/// What stands in the store where a secret is in the keyring.
pub const SECRET_MARKER: &str = "${secret}";

/// Whether the value of `key` belongs into the keyring (contract section 5, rule 6).
pub fn is_secret(key: &str) -> bool {
    key.ends_with(".PASSWORD")
}
