//! Talking to a server by hand: calls and answers, HTTP over a socket, and what a program prints.

mod call;
mod http;
mod lines;

pub use call::{Answer, Call};
pub use http::{Client, HttpAnswer, connect, read_answer, request};
pub(crate) use lines::Lines;
