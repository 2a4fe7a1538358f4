//! Exceptions of a routine on its own page: those that are not over, and a form for another one, for whoever may make one.

mod act;
mod coming;
mod form;
mod typed;

pub(super) use act::{Ending, Tried, end, make};
pub(super) use coming::{ComingException, coming};
pub(super) use form::ExceptionForm;
pub(super) use typed::Typed;
