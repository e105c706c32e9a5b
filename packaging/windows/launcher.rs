//! What the start menu, links and tasks start: the program beside it, without
//! the console window that Windows would open for it. The program itself is
//! one of the console, so that a shell waits for it and sees what it prints.

#![windows_subsystem = "windows"]

use std::{
    env,
    os::windows::process::CommandExt,
    process::{Command, exit},
};

/// Of `CreateProcess`: a program of the console gets one that nobody sees.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

fn main() {
    let Ok(me) = env::current_exe() else { exit(1) };
    let status = Command::new(me.with_file_name("provisioning-settings.exe"))
        .args(env::args_os().skip(1))
        .creation_flags(CREATE_NO_WINDOW)
        .status();
    exit(status.ok().and_then(|status| status.code()).unwrap_or(1));
}
