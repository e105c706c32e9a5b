//! Provisioning Settings: finds a provisioning server, asks it for settings,
//! shows what they would change and applies them in one transaction.
//!
//! How to read this crate: [`provisioning`] holds the rules, pure and without
//! a runtime. `system` holds the world, one narrow trait and one real
//! implementation for each thing. `engine` is the only place where the two
//! meet. `cli` drives the engine and prints.

pub mod provisioning;
pub mod system;
