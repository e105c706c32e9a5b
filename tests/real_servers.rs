//! The program against real servers: nginx with PHP, Apache, and one that
//! misbehaves on the level of bytes, each test in a network of its own.
//! `netlab` says what there is.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says so on the terminal"
)]

#[path = "common/lab.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod lab;

#[path = "real_servers/answers.rs"]
mod answers;
#[path = "real_servers/form.rs"]
mod form;
#[path = "real_servers/keyring.rs"]
mod keyring;
#[path = "real_servers/redirects.rs"]
mod redirects;
#[path = "real_servers/shapes.rs"]
mod shapes;
#[path = "real_servers/sign_in.rs"]
mod sign_in;
#[path = "real_servers/tls.rs"]
mod tls;

/// nginx with PHP.
const NGINX: &str = "http://10.77.1.1:8080";
/// Apache.
const APACHE: &str = "http://10.77.1.3:8081";
/// The one that misbehaves.
const RAW: &str = "http://10.77.1.2:8082";
