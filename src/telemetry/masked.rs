//! A value that may be carried and used, but not printed.

use std::fmt;

/// Prints as `***`, whatever is inside.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Masked<T>(T);

impl<T> Masked<T> {
    /// Hides a value from every formatter.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for use and never for print.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Display for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Debug for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::Masked;

    #[test]
    fn nothing_of_the_value_is_printed() {
        let masked = Masked::new("hunter2");
        assert_eq!(format!("{masked} {masked:?} {:?}", Some(&masked)), "*** *** Some(***)");
        assert_eq!(*masked.expose(), "hunter2");
    }
}
