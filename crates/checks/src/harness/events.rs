//! What a page is told while it is open: the messages of its stream, one at a time.

use super::api::Api;
use crate::Call;
use axum::body::{Body, HttpBody};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

/// How long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name, if it has one.
    pub name: String,
    /// By what the page resumes.
    pub id: String,
    /// What it says.
    pub data: String,
}

/// A stream that is open.
pub struct Events<'a> {
    api: &'a Api,
    /// What was answered at first.
    pub status: u16,
    body: Body,
    text: String,
}

impl<'a> Events<'a> {
    /// Opens what a request asks for.
    pub(super) fn open(api: &'a Api, call: Call) -> Self {
        let response = api.respond(call);
        Self { api, status: response.status().as_u16(), body: response.into_body(), text: String::new() }
    }

    /// The next message; nothing once the stream has ended.
    pub fn wait(&mut self) -> Option<Event> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let event = read(message);
                self.text = rest.to_owned();
                match event {
                    Some(event) => return Some(event),
                    // A comment.
                    None => continue,
                }
            }
            let body = &mut self.body;
            let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let waited = self.api.wait(async { tokio::time::timeout(PATIENCE, frame).await });
            let frame = waited.expect("nothing came")?.expect("a stream that does not break");
            self.text.push_str(std::str::from_utf8(&frame.into_data().expect("data")).expect("a text"));
        }
    }
}

fn read(message: &str) -> Option<Event> {
    let mut event = Event::default();
    let mut is_any = false;
    for line in message.lines() {
        let (field, value) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|field| (field, "")))?;
        match field {
            "event" => event.name = value.to_owned(),
            "id" => event.id = value.to_owned(),
            "data" => event.data.push_str(&format!("{value}\n")),
            _ => continue,
        }
        is_any = true;
    }
    is_any.then_some(event)
}
