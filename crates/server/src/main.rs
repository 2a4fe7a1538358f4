//! The program: configuration, the sub-commands, and the one loop that sleeps.

mod beat;
mod carriers;
mod command;
mod configuration;
mod exit;
mod house;
mod line;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let line = line::Line::parse();
    match command::run(line.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::tell(&error),
    }
}
