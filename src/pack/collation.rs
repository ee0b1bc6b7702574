//! The order of names in each language's own alphabet: in Welsh, `ch dd ff ng ll ph rh th` are letters.

use crate::model::Language;

/// Letters of the Welsh alphabet that are written with two signs, and the sign they follow.
const DIGRAPHS: [(&str, char); 8] =
    [("ch", 'c'), ("dd", 'd'), ("ff", 'f'), ("ng", 'g'), ("ll", 'l'), ("ph", 'p'), ("rh", 'r'), ("th", 't')];

/// A key that sorts names of a language; accents do not count.
pub(super) fn sort_key(name: &str, language: Language) -> String {
    let folded: String = name.to_lowercase().chars().map(fold).collect();
    if language == Language::En {
        return folded;
    }
    let mut key = String::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some((digraph, base)) = DIGRAPHS.iter().find(|(digraph, _)| rest.starts_with(digraph)) {
            key.push(*base);
            // After every word that goes on with an ordinary letter.
            key.push('\u{7f}');
            rest = &rest[digraph.len()..];
        } else {
            key.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    key
}

fn fold(letter: char) -> char {
    match letter {
        'â' | 'á' | 'à' | 'ä' => 'a',
        'ê' | 'é' | 'è' | 'ë' => 'e',
        'î' | 'í' | 'ï' => 'i',
        'ô' | 'ó' | 'ö' => 'o',
        'û' | 'ú' | 'ü' => 'u',
        'ŵ' => 'w',
        'ŷ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::sort_key;
    use crate::model::Language;

    #[test]
    fn welsh_letters_have_their_own_places() {
        let mut words = ["Llanelli", "Lôn", "Chwilog", "Cymru", "Caerdydd"];
        words.sort_by_key(|word| sort_key(word, Language::Cy));
        assert_eq!(words, ["Caerdydd", "Cymru", "Chwilog", "Lôn", "Llanelli"]);
        words.sort_by_key(|word| sort_key(word, Language::En));
        assert_eq!(words, ["Caerdydd", "Chwilog", "Cymru", "Llanelli", "Lôn"]);
    }
}
