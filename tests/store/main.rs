//! The store as a whole: files, keyring and history.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips, its helpers too"
)]

mod common;
mod faults;
mod folders;
mod hostile;
mod kill;
mod layers;
mod links;
#[path = "../common/needs.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod needs;
mod pruning;
mod runs;
mod together;
mod undo;
