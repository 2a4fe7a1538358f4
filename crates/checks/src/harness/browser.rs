//! A browser that walks the console in process: it holds cookies, says where its requests come from, and goes on where it is
//! sent.

use super::api::{Api, PUBLIC_URL};
use super::events::Events;
use crate::{Answer, Call};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A browser of one person.
pub struct Browser<'a> {
    api: &'a Api,
    cookies: RefCell<BTreeMap<String, String>>,
    address: String,
}

impl<'a> Browser<'a> {
    /// One that was never here, at an address of its own.
    pub fn new(api: &'a Api, address: &str) -> Self {
        Self { api, cookies: RefCell::default(), address: address.to_owned() }
    }

    /// What it shows with every request.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The cookie of this name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Somebody else puts a cookie there.
    pub fn plant(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// Sends a request as it is, with the cookies.
    pub fn send(&self, call: Call) -> Answer {
        let call = call.from(&self.address).header("user-agent", "a test's browser");
        let cookies = self.cookies();
        let call = if cookies.is_empty() { call } else { call.header("cookie", cookies) };
        let answer = self.api.browse(call);
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("ASCII");
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().expect("a value");
            if line.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.plant(name, value);
            }
        }
        answer
    }

    /// Asks for a page.
    pub fn get(&self, path: &str) -> Answer {
        self.send(Call::get(path))
    }

    /// Opens the stream at this address, for a page that has seen everything up to this stamp.
    pub fn events(&self, path: &str, stamp: &str) -> Events<'a> {
        let call = Call::get(path).from(&self.address).header("cookie", self.cookies());
        Events::open(self.api, if stamp.is_empty() { call } else { call.header("last-event-id", stamp) })
    }

    /// Sends a form of a page of ours.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = Call::post(path).header("sec-fetch-site", "same-origin").header("origin", PUBLIC_URL);
        self.send(call.header("content-type", "application/x-www-form-urlencoded").body(body))
    }
}
