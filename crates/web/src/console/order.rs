//! In which order a list stands, as its address says: by the name or by a column, forth or back.

use std::cmp::Reverse;

/// Columns that are filled in for what is shown alone, so that nothing is put in order by them.
const UNSORTED: &[&str] = &["Last message"];
/// What stands above the names.
const NAME: &str = "Name";
/// What stands before the word where the order is turned round.
const BACK: char = '-';

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// The column: of the names 0, then those after it.
    column: usize,
    is_back: bool,
}

/// What stands above a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) title: &'static str,
    /// By what the address asks for this order, or for it turned round where it is in force; nothing where it cannot.
    pub(super) word: String,
    /// `ascending` or `descending`, where the list stands in this order.
    pub(super) sorted: Option<&'static str>,
}

/// What stands above all columns.
fn titles(columns: &[&'static str]) -> impl Iterator<Item = &'static str> {
    [NAME].into_iter().chain(columns.to_vec())
}

fn word(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

impl Order {
    /// The order that is asked for; nothing where there is none of this word.
    pub(super) fn of(said: &str, columns: &[&'static str]) -> Option<Self> {
        let (plain, is_back) = said.strip_prefix(BACK).map_or((said, false), |plain| (plain, true));
        let column = titles(columns).position(|title| word(title) == plain && !UNSORTED.contains(&title))?;
        Some(Self { column, is_back })
    }

    /// Puts into order, by what each says in a column: that of the names is 0.
    pub(super) fn arrange<T>(self, all: &mut [T], said: impl Fn(&T, usize) -> String) {
        let key = |one: &T| key(&said(one, self.column));
        match self.is_back {
            false => all.sort_by_cached_key(key),
            true => all.sort_by_cached_key(|one| {
                let (is_nothing, number, words) = key(one);
                (is_nothing, Reverse((number, words)))
            }),
        }
    }
}

/// What stands above the columns of a list in this order.
pub(super) fn heads(columns: &[&'static str], order: Option<Order>) -> Vec<Head> {
    let head = |(column, title): (usize, &'static str)| {
        let here = order.filter(|order| order.column == column);
        let sorted = here.map(|order| if order.is_back { "descending" } else { "ascending" });
        let turned = if sorted == Some("ascending") { BACK.to_string() } else { String::new() };
        let word = if UNSORTED.contains(&title) { String::new() } else { format!("{turned}{}", word(title)) };
        Head { title, word, sorted }
    };
    titles(columns).enumerate().map(head).collect()
}

/// The orders that can be chosen: word and words.
pub(super) fn orders(columns: &[&'static str]) -> Vec<(String, String)> {
    let sorted = titles(columns).filter(|title| !UNSORTED.contains(title));
    let both = sorted.flat_map(|title| {
        [(word(title), title.to_owned()), (format!("{BACK}{}", word(title)), format!("{title}, from the end"))]
    });
    both.collect()
}

/// What is nothing comes last, forth and back; numbers by what they count, words without regard to capitals.
fn key(text: &str) -> (bool, u64, String) {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let is_nothing = text.is_empty() || text == NOTHING;
    (is_nothing, text[..digits].parse().unwrap_or(u64::MAX), text.to_lowercase())
}

/// What a cell says of which there is none.
const NOTHING: &str = "none";

#[cfg(test)]
mod tests {
    use super::{Order, heads, orders};

    const COLUMNS: &[&str] = &["Open incidents", "Last message"];

    #[test]
    fn a_list_stands_in_the_order_of_numbers_and_words_forth_and_back() {
        let all = [("Ben", "10 open"), ("ana", "9 open"), ("Cho", ""), ("dee", "none")];
        for (said, expect) in [
            ("name", ["ana", "Ben", "Cho", "dee"]),
            ("-name", ["dee", "Cho", "Ben", "ana"]),
            ("open-incidents", ["ana", "Ben", "Cho", "dee"]),
            ("-open-incidents", ["Ben", "ana", "dee", "Cho"]),
        ] {
            let mut rows = all;
            let order = Order::of(said, COLUMNS).expect("an order");
            order.arrange(&mut rows, |(name, count), column| (*if column == 0 { name } else { count }).to_owned());
            assert_eq!(rows.map(|(name, _)| name), expect, "{said}");
        }
        for none in ["", "-", "last-message", "nothing", "--name"] {
            assert_eq!(Order::of(none, COLUMNS), None, "{none}");
        }
    }

    #[test]
    fn what_stands_above_the_column_that_counts_turns_the_order_round() {
        let told = |said: &str| -> Vec<_> {
            let heads = heads(COLUMNS, Order::of(said, COLUMNS));
            heads.into_iter().map(|head| (head.word, head.sorted)).collect()
        };
        let head = |word: &str, sorted| (word.to_owned(), sorted);
        assert_eq!(told(""), [head("name", None), head("open-incidents", None), head("", None)]);
        assert_eq!(told("name"), [head("-name", Some("ascending")), head("open-incidents", None), head("", None)]);
        assert_eq!(told("-open-incidents")[1], head("open-incidents", Some("descending")));
        assert_eq!(orders(COLUMNS).len(), 4);
    }
}
