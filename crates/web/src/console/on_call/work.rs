//! What takes a while to work out from the directory, on a thread that may take its time; and lists that are searched.

use crate::console::address;
use crate::console::order::{Head, Order, heads};
use crate::console::piece::Pager;
use crate::console::seen::Seen;
use crate::gate::Problem;
use axum::response::Response;
use domain::directory::Directory;
use std::sync::Arc;

/// So many entries of a list are on one page.
const ON_A_PAGE: usize = 50;

/// What `work` finds out from the directory.
pub(super) async fn worked_out<T: Send + 'static>(
    seen: &Seen<'_>,
    work: impl FnOnce(&Directory) -> T + Send + 'static,
) -> Result<T, Response> {
    let snapshot = Arc::clone(&seen.snapshot);
    let worked = tokio::task::spawn_blocking(move || work(&snapshot.directory)).await;
    worked.map_err(|error| seen.visit.refuse(&Problem::internal(error)))
}

/// What is asked of a list: words, and which page of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) words: String,
    /// The word of the order, if one is asked for.
    pub(super) sort: String,
    /// From 1.
    page: usize,
}

/// The part of a list that is shown, and how many there are.
pub(super) struct Part<T> {
    pub(super) shown: Vec<T>,
    pub(super) total: usize,
    first: usize,
}

impl Sought {
    /// As the query says.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let query = &seen.visit.query;
        let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        Self { words: query.text("q").trim().to_owned(), sort: query.text("sort").to_owned(), page }
    }

    /// Those of a list whose name has the words, as many as are on a page.
    pub(super) fn of_list<'a, T>(&self, all: Vec<&'a T>, name: impl Fn(&T) -> &str) -> Part<&'a T> {
        self.part(self.with_words(all, name))
    }

    /// The rows of those whose name has the words, in this order, if there is one; `said` is what a row says in a column.
    pub(super) fn rows<'a, T, R>(
        &self,
        (all, name): (Vec<&'a T>, impl Fn(&T) -> &str),
        row: impl Fn(&'a T) -> R,
        (order, said): (Option<Order>, impl Fn(&R, usize) -> String),
    ) -> Part<R> {
        let Some(order) = order else {
            let Part { shown, total, first } = self.of_list(all, name);
            return Part { shown: shown.into_iter().map(row).collect(), total, first };
        };
        let mut rows: Vec<R> = self.with_words(all, name).into_iter().map(row).collect();
        order.arrange(&mut rows, said);
        self.part(rows)
    }

    fn with_words<'a, T>(&self, mut all: Vec<&'a T>, name: impl Fn(&T) -> &str) -> Vec<&'a T> {
        let words = self.words.to_lowercase();
        all.retain(|entry| {
            let name = name(entry).to_lowercase();
            words.split_whitespace().all(|word| name.contains(word))
        });
        all
    }

    fn part<T>(&self, found: Vec<T>) -> Part<T> {
        let total = found.len();
        let first = (self.page.max(1) - 1).saturating_mul(ON_A_PAGE).min(total);
        Part { shown: found.into_iter().skip(first).take(ON_A_PAGE).collect(), total, first }
    }

    /// What stands above the columns of a list at this path, with the address of the order by it, if there is one.
    pub(super) fn heads(&self, path: &str, columns: &[&'static str]) -> Vec<(Head, String)> {
        let heads = heads(columns, Order::of(&self.sort, columns)).into_iter();
        let to = |head: &Head| address::asking(path, &[("q", &self.words), ("sort", &head.word)]);
        heads.map(|head| (head.clone(), to(&head))).collect()
    }

    /// The pages before and after; `address` is the address of a page.
    pub(super) fn pager<T>(&self, part: &Part<T>, address: impl Fn(&str) -> String) -> Option<Pager> {
        if part.total <= ON_A_PAGE {
            return None;
        }
        let page = self.page.max(1);
        let (from, to) = (part.first + 1, part.first + part.shown.len());
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Some(Pager {
            from: number(from.min(to)),
            to: number(to),
            total: Some(number(part.total)),
            before: (page > 1).then(|| address(&(page - 1).to_string())),
            after: (to < part.total && !part.shown.is_empty()).then(|| address(&(page + 1).to_string())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(from: usize, page: usize, words: &str) -> (usize, usize, Option<Pager>) {
        let names: Vec<String> = (0..from).map(|number| format!("Routine {number}")).collect();
        let sought = Sought { words: words.to_owned(), page, ..Sought::default() };
        let part = sought.of_list(names.iter().collect(), |name| name.as_str());
        let pager = sought.pager(&part, |page| format!("?page={page}"));
        (part.shown.len(), part.total, pager)
    }

    #[test]
    fn a_list_has_fifty_entries_a_page_and_says_where_one_is() {
        assert_eq!(numbers(50, 1, ""), (50, 50, None));
        let (shown, total, pager) = numbers(120, 2, "");
        let pager = pager.unwrap();
        assert_eq!((shown, total, pager.from, pager.to), (50, 120, 51, 100));
        assert_eq!((pager.before.as_deref(), pager.after.as_deref()), (Some("?page=1"), Some("?page=3")));
        let (shown, _, pager) = numbers(120, 3, "");
        assert_eq!((shown, pager.unwrap().after), (20, None));
        assert_eq!(numbers(120, usize::MAX, "").0, 0);
    }

    #[test]
    fn words_find_what_has_them_in_whatever_case() {
        assert_eq!(numbers(120, 1, "routine 11").1, 11);
        assert_eq!(numbers(120, 1, "11 rout").1, 11);
        assert_eq!(numbers(120, 1, "nights").1, 0);
    }

    struct Rung {
        name: String,
        levels: usize,
    }

    fn name(rung: &Rung) -> &str {
        &rung.name
    }

    #[test]
    fn a_list_is_put_in_order_before_it_is_cut_into_pages_and_says_which_order_turns_it_round() {
        let all: Vec<_> = (0..120).map(|number| Rung { name: format!("n{number:03}"), levels: 500 - number }).collect();
        let shown = |sort: &str, page: usize| {
            let sought = Sought { sort: sort.to_owned(), page, ..Sought::default() };
            let said = |rung: &&Rung, column: usize| match column {
                0 => rung.name.clone(),
                _ => rung.levels.to_string(),
            };
            let order = Order::of(&sought.sort, &["Levels"]);
            let part = sought.rows((all.iter().collect(), name), |rung| rung, (order, said));
            let mut heads = sought.heads("/app/rungs", &["Levels"]).into_iter().map(|(head, to)| (head.sorted, to));
            (part.shown.first().map(|rung| rung.levels), part.total, heads.next_back())
        };
        let head = |sorted, word: &str| Some((sorted, format!("/app/rungs?sort={word}")));
        assert_eq!(shown("", 2), (Some(450), 120, head(None, "levels")));
        assert_eq!(shown("levels", 1), (Some(381), 120, head(Some("ascending"), "-levels")));
        assert_eq!(shown("levels", 2), (Some(431), 120, head(Some("ascending"), "-levels")));
        assert_eq!(shown("-levels", 1), (Some(500), 120, head(Some("descending"), "levels")));
        assert_eq!(shown("nonsense", 1), (Some(500), 120, head(None, "levels")));
    }
}
