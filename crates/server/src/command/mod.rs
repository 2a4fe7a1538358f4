//! The sub-commands, a file for each family.

mod audit;
mod backup;
mod contact;
mod demo;
mod directory;
mod integration;
mod key;
mod lint;
mod on_call;
mod opened;
mod people;
mod serve;
mod setup_link;
mod user;
mod version;

use crate::line::Command;

/// Runs one sub-command.
pub(crate) fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(demo) => demo::demo(&demo),
        Command::Serve(settings) => serve::serve(&settings),
        Command::Apply(apply) => directory::apply(&apply),
        Command::Release(release) => directory::release(&release),
        Command::Export(export) => directory::export(&export),
        Command::Lint(lint) => lint::lint(&lint),
        Command::OnCall(on_call) => on_call::on_call(&on_call),
        Command::Contact(contact) => contact::contact(&contact),
        Command::Key(key) => key::key(&key),
        Command::SetupLink(line) => setup_link::setup_link(&line),
        Command::User(user) => user::user(&user),
        Command::Team(team) => people::team(&team),
        Command::Token(token) => people::token(&token),
        Command::Directory(directory) => version::directory(&directory),
        Command::Integration(line) => integration::integration(&line),
        Command::Audit(line) => audit::audit(&line),
        Command::CheckConfig(settings) => serve::check_config(&settings),
        Command::Migrate(settings) => serve::migrate(&settings),
        Command::Backup(backup) => backup::backup(&backup),
        Command::Openapi => serve::openapi(),
    }
}

/// Writes to stdout; a reader that went away (`reveille export | head`) is no error.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
