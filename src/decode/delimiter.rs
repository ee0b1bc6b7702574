//! Recognises a file whose columns are separated by something else than agreed.

/// What is looked for.
const CANDIDATES: [(u8, &str); 4] = [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "vertical bar")];

/// What a delimiter is called.
pub(super) fn delimiter_name(delimiter: u8) -> &'static str {
    CANDIDATES.iter().find(|(byte, _)| *byte == delimiter).map_or("another character", |(_, name)| name)
}

/// The delimiter that the file uses instead of the expected one, if that is evident: under it more of the known column
/// names appear, or the header falls into columns at all. Looks at the first `lines` lines that are not blank.
pub(super) fn find_other_delimiter(text: &str, expected: u8, known: &[&str], lines: usize) -> Option<u8> {
    let header: Vec<&str> = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).take(lines).collect();
    let score = |delimiter: u8| {
        let line_score = |line: &&str| {
            let cells = split(line, delimiter);
            (cells.iter().filter(|cell| known.contains(&cell.as_str())).count(), cells.len())
        };
        header.iter().map(line_score).max().unwrap_or((0, 0))
    };
    let (matches, width) = score(expected);
    let others = CANDIDATES.iter().map(|(byte, _)| *byte).filter(|byte| *byte != expected);
    let best = others.max_by_key(|byte| score(*byte))?;
    let (other_matches, other_width) = score(best);
    let evident =
        other_matches > matches && other_width > 1 || matches == other_matches && width <= 1 && other_width > 1;
    evident.then_some(best)
}

fn split(line: &str, delimiter: u8) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if c == char::from(delimiter) && !quoted => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}
