//! THE RULES: what the contract says, as pure functions and data. Nothing in
//! here touches files, sockets, the environment, a clock or a runtime.

pub mod advice;
pub mod credentials;
pub mod exchange;
pub mod failure;
pub mod keys;
pub mod origin;
pub mod plan;
pub mod report;
pub mod secret;
pub mod trust;
pub mod warning;
