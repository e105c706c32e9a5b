//! Provisioning Settings: finds a provisioning server, asks it for settings,
//! shows what they would change and applies them in one transaction.
//!
//! How to read this crate: [`provisioning`] holds the rules, pure and without
//! a runtime: begin with `provisioning::run`. [`system`] holds the world, one
//! narrow trait and one real implementation for each thing. [`engine`] is the
//! only place where the two meet. [`cli`] drives the engine and prints, [`app`]
//! drives it from a window;
//! [`sample_server`] is a server to try it with.

pub mod app;
pub mod cli;
pub mod engine;
pub mod logging;
pub mod provisioning;
pub mod sample_server;
pub mod system;
