//! Hints for names that are not there.

/// How many names a hint lists.
const LISTED: usize = 20;

/// `did you mean x? there are: a, b, c`.
pub(super) fn name_hint(wrong: &str, names: &[String]) -> String {
    let near = names
        .iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(far, name)| *far <= 1 + name.len() / 4 || name.contains(wrong) || wrong.contains(name.as_str()))
        .min()
        .map(|(_, name)| format!("did you mean `{name}`? "))
        .unwrap_or_default();
    let listed = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if names.len() > LISTED { ", ..." } else { "" };
    if names.is_empty() { "there are no tables".to_owned() } else { format!("{near}there are: {listed}{more}") }
}

/// The number of letters to insert, remove or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, name_hint};

    #[test]
    fn a_near_name_is_offered_first() {
        let names = ["businesses".to_owned(), "vouchers".to_owned()];
        assert_eq!(name_hint("voucher", &names), "did you mean `vouchers`? there are: businesses, vouchers");
        assert_eq!(name_hint("zzz", &names), "there are: businesses, vouchers");
        assert_eq!(name_hint("zzz", &[]), "there are no tables");
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
