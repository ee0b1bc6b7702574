//! Which known name a wrong one was probably meant to be.

/// The known name with the fewest letters changed, if at most a third are.
pub(super) fn find_nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(200).collect();
    let scored = known.map(|candidate| (distance(&wanted, &candidate.chars().collect::<Vec<_>>()), candidate));
    scored.min().filter(|(changes, _)| *changes * 3 <= wanted.len()).map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
