//! Which known word somebody may have meant.

/// The known word nearest to what was typed, if it is near enough to be a slip: at most a third of its letters differ, rounded up.
#[must_use]
pub fn find_nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (distance(typed, word), word))
        .filter(|(steps, word)| *steps <= word.chars().count().div_ceil(3))
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, word)| word)
}

/// Letters to insert, drop or change to get from one word to the other (Levenshtein 1966).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, find_nearest};

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_does_not() {
        let known = ["mail.smtp.host", "mail.smtp.port", "limits.memory"];
        assert_eq!(find_nearest("mail.smtp.prot", known), Some("mail.smtp.port"));
        assert_eq!(find_nearest("limit.memory", known), Some("limits.memory"));
        assert_eq!(find_nearest("colour", known), None);
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "abc")), (3, 3, 0));
    }
}
