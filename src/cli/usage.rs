//! Texts of `--help` that clap does not write by itself.

pub(super) const EXIT_CODES: &str = "\
Exit status:
    0  applied, or nothing to change, or off with --if-enabled
    1  the result could not be printed
    2  usage
    3  no server found
    4  server not reached: name, connection, time-out, TLS
    5  credentials needed or refused
    6  the server's answer is not usable
    7  the store or the keyring could not be read or written; nothing was changed
    8  needs a decision that only a person may take
  130  cancelled";
