//! Whether the checkers notice: each rule is broken on purpose once.
