//! Code, exit status and advice for each [`Failure`]: the half of an error
//! message that says what to do next.

use super::failure::{
    AddressProblem, AnswerProblem, Decision, Failure, KeepProblem, KeyringFault, NetworkFault,
    SignInProblem,
};

impl Failure {
    /// The stable code that helpdesk can look up.
    pub fn code(&self) -> String {
        match self {
            Self::Address(problem) => problem.code().into(),
            Self::Network(problem) => network_code(problem.fault).into(),
            Self::SignIn(problem) => problem.code().into(),
            Self::Answer(problem) => problem.code(),
            Self::Keep(problem) => problem.code().into(),
            Self::Decision(problem) => problem.code().into(),
            Self::Cancelled => "PS-CANCELLED".into(),
        }
    }

    /// The exit status of the command line (`0` never).
    pub fn exit(&self) -> u8 {
        match self {
            Self::Address(AddressProblem::NotFound { .. } | AddressProblem::CannotSearch(_)) => 3,
            Self::Address(_) => 2,
            Self::Network(_) => 4,
            Self::SignIn(_) => 5,
            Self::Answer(_) => 6,
            Self::Keep(_) => 7,
            Self::Decision(_) => 8,
            Self::Cancelled => 130,
        }
    }

    /// One sentence that says what to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Address(problem) => problem.advice(),
            Self::Network(problem) => network_advice(problem.fault),
            Self::SignIn(problem) => problem.advice(),
            Self::Answer(problem) => problem.advice(),
            Self::Keep(problem) => problem.advice(),
            Self::Decision(problem) => problem.advice(),
            Self::Cancelled => "Start again when you are ready.",
        }
    }

    /// The technical causes, outermost first. Never a secret.
    pub fn chain(&self) -> &[String] {
        match self {
            Self::Network(problem) => &problem.chain,
            Self::Address(
                AddressProblem::NotFound { tried: chain } | AddressProblem::File { chain, .. },
            )
            | Self::Keep(
                KeepProblem::Read { chain, .. }
                | KeepProblem::Write { chain, .. }
                | KeepProblem::Keyring { chain, .. },
            ) => chain,
            _ => &[],
        }
    }
}

impl AddressProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::Off => "PS-OFF",
            Self::Missing => "PS-NO-ADDRESS",
            Self::Invalid(_) => "PS-ADDRESS",
            Self::File { .. } => "PS-FILE",
            Self::CannotSearch(_) => "PS-NO-SEARCH",
            Self::NotFound { .. } => "PS-NOT-FOUND",
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Off => {
                "Choose a method first, for example with \u{201c}method manual URI\u{201d}."
            }
            Self::Missing => "Enter the address that your administrator gave you.",
            Self::Invalid(_) => "Correct the address; it looks like https://host/path?name=value.",
            Self::File { .. } => "Check the name of the file, and that you may read it.",
            Self::CannotSearch(_) => "Enter the address by hand: choose the manual method.",
            Self::NotFound { .. } => {
                "Check that you are on the right network, or enter the address by hand."
            }
        }
    }
}

fn network_code(fault: NetworkFault) -> &'static str {
    match fault {
        NetworkFault::Name => "PS-NET-NAME",
        NetworkFault::Connect => "PS-NET-CONNECT",
        NetworkFault::Timeout => "PS-NET-TIMEOUT",
        NetworkFault::Broken => "PS-NET-BROKEN",
        NetworkFault::Tls => "PS-NET-TLS",
        NetworkFault::Proxy => "PS-NET-PROXY",
    }
}

fn network_advice(fault: NetworkFault) -> &'static str {
    match fault {
        NetworkFault::Name => "Check the spelling of the address and the network connection.",
        NetworkFault::Connect => {
            "Check the network connection and the port; if both are right, the server may be down."
        }
        NetworkFault::Timeout => "Try again in a minute; if it stays so, the server needs a look.",
        NetworkFault::Broken => "Try again; if it stays so, the server needs a look.",
        NetworkFault::Tls => {
            "Tell your administrator: the server speaks no TLS 1.2 or later, or wants a certificate."
        }
        NetworkFault::Proxy => "Check the system's proxy settings.",
    }
}

impl SignInProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::Needed(_) => "PS-CREDENTIALS",
            Self::Refused(_) => "PS-401",
            Self::Unsupported(_) => "PS-401-SCHEME",
            Self::Forbidden(_) => "PS-403",
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Needed(_) => {
                "Give them with --username and --password-stdin, or run it where you can be asked."
            }
            Self::Refused(_) => {
                "Check the user name and the password, capitals included, and try again."
            }
            Self::Unsupported(_) => {
                "Tell the server's administrator: Basic and Digest work, Kerberos and NTLM do not."
            }
            Self::Forbidden(_) => {
                "Try with other credentials (\u{201c}credentials forget\u{201d} first), or ask for access."
            }
        }
    }
}

impl AnswerProblem {
    fn code(&self) -> String {
        match self {
            Self::Status { status, .. } => return format!("PS-{status}"),
            Self::Redirect { .. } => "PS-REDIRECT",
            Self::WebPage(_) => "PS-WEB-PAGE",
            Self::Binary(_) => "PS-BINARY",
            Self::TooLarge { .. } => "PS-TOO-LARGE",
            Self::NotSettings { .. } => "PS-NOT-SETTINGS",
            Self::Damaged { .. } => "PS-DAMAGED",
            Self::Malformed { .. } => "PS-MALFORMED",
        }
        .into()
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Status { status: 404, .. } => {
                "Check the path of the address, and with the server's administrator that your account exists."
            }
            Self::Status {
                status: 500..=599, ..
            } => {
                "The server has a problem of its own: try again later, then tell its administrator."
            }
            Self::Status { .. } => {
                "Check the address; the server's administrator can see in its log what it did not like."
            }
            Self::Redirect { .. } => "If that is the right server, enter its address instead.",
            Self::WebPage(_) => {
                "Open any page in a browser: this network may want you to log in first. If not, the address is wrong."
            }
            Self::Binary(_) | Self::TooLarge { .. } => {
                "Check the address: this does not look like a provisioning server."
            }
            Self::NotSettings { .. } => "Choose the file in which the server's answer was saved.",
            Self::Damaged { .. } => "Try again; if it stays so, tell the server's administrator.",
            Self::Malformed { .. } => {
                "Tell the server's administrator the line; \u{201c}check\u{201d} finds such lines in a file."
            }
        }
    }
}

impl KeepProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "PS-STORE-READ",
            Self::Write { .. } => "PS-STORE-WRITE",
            Self::Busy { .. } => "PS-STORE-BUSY",
            Self::Link { .. } => "PS-STORE-LINK",
            Self::Keyring { fault, .. } => match fault {
                KeyringFault::Missing => "PS-KEYRING-MISSING",
                KeyringFault::Locked => "PS-KEYRING-LOCKED",
                KeyringFault::Hung => "PS-KEYRING-HUNG",
                KeyringFault::Failed => "PS-KEYRING",
            },
            Self::NoSuchRun(_) => "PS-NO-RUN",
            Self::Fixed { .. } => "PS-FIXED",
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "Correct the file, or bring an earlier state back with \u{201c}history undo\u{201d}; it is not overwritten."
            }
            Self::Write { .. } => {
                "Check that there is space on the disk and that the folder belongs to you."
            }
            Self::Busy { .. } => "Wait until it is done, then try again.",
            Self::Link { .. } => "Replace the link by the file itself.",
            Self::Keyring { fault, .. } => match fault {
                KeyringFault::Missing => {
                    "Log in to a desktop session, or install a keyring such as gnome-keyring."
                }
                KeyringFault::Locked => "Unlock the keyring and try again.",
                KeyringFault::Hung => "Log out and in again, then try once more.",
                KeyringFault::Failed => {
                    "Open the system's password manager and see whether it works."
                }
            },
            Self::NoSuchRun(_) => "\u{201c}history list\u{201d} shows the runs that there are.",
            Self::Fixed { .. } => "Only your administrator can change it.",
        }
    }
}

impl Decision {
    fn code(&self) -> &'static str {
        match self {
            Self::NewServer(_) => "PS-NEW-SERVER",
            Self::Certificate { .. } => "PS-CERTIFICATE",
            Self::PlainHttp(_) => "PS-PLAIN-HTTP",
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::NewServer(_) => {
                "Ask whether it is yours; then answer yes once on a terminal or in the window, or let the site trust it (trusted-origins)."
            }
            Self::Certificate { .. } => {
                "Tell your administrator; do not go on if you did not expect this."
            }
            Self::PlainHttp(_) => {
                "Use an https address, or answer the question once on a terminal."
            }
        }
    }
}
