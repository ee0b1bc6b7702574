//! What an error means for the run: the class decides, not the place where it happened.

/// The class of an error. It decides whether the run stops, retries, or goes on, and the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Configuration, usage or a broken definition: stop, exit 2.
    Usage,
    /// A bad file: refuse the extract and go on with the others, exit 1.
    Data,
    /// A gate (preflight, disclosure, approval, embargo) said no: nothing is sent, exit 3.
    Gate,
    /// A message did not reach a recipient, or nobody knows whether it did: exit 4.
    Delivery,
    /// Away for now (lock, store, mail server): try again later, exit 75.
    Transient,
    /// Failed and will fail again: this run fails now, exit 1.
    Permanent,
    /// A defect of ours: this run only, exit 1.
    Bug,
}

impl ErrorClass {
    /// The process exit code of the class (design, section 5).
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Gate => 3,
            Self::Delivery => 4,
            Self::Transient => 75,
            Self::Data | Self::Permanent | Self::Bug => 1,
        }
    }

    /// The exit code of several outcomes at once: the first of 2, 3, 4, 75, 1 that is present, else 0.
    #[must_use]
    pub fn combine(classes: &[Self]) -> u8 {
        [2, 3, 4, 75, 1].into_iter().find(|code| classes.iter().any(|class| class.exit_code() == *code)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorClass;

    #[test]
    fn several_classes_give_the_most_urgent_code() {
        assert_eq!(ErrorClass::combine(&[]), 0);
        assert_eq!(ErrorClass::combine(&[ErrorClass::Data, ErrorClass::Transient]), 75);
        assert_eq!(ErrorClass::combine(&[ErrorClass::Delivery, ErrorClass::Usage, ErrorClass::Data]), 2);
    }
}
