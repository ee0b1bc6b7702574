//! Reads Rust source as words: comments and literals blanked, test code marked, paths collected. It knows no rule of
//! the project and needs no parser; what it cannot read it passes over.

/// A source file, read.
pub(crate) struct Source {
    /// Whether its first line is a `//!` line.
    pub(crate) has_head: bool,
    /// Its module below the crate: `src/pack/pdf.rs` is `[pack, pdf]`. Empty for `lib.rs`, `main.rs`, files outside `src`.
    pub(crate) module: Vec<String>,
    /// Words, `::` and single signs.
    pub(crate) tokens: Vec<Token>,
    /// Modules it declares, in order.
    pub(crate) declared: Vec<String>,
    /// Stems (`src/pack/tests`) of the files that it declares for tests only.
    pub(crate) test_files: Vec<String>,
}

/// A word, `::`, or one sign.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Compiled for tests only.
    pub(crate) test: bool,
}

/// A path in the code, or one leaf of a `use`.
pub(crate) struct CodePath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    pub(crate) test: bool,
    /// The module in which it stands.
    module: Vec<String>,
}

impl Source {
    /// Reads the file at `path`, seen from the project's root.
    pub(crate) fn read(path: &str, text: &str) -> Self {
        let mut tokens = tokens_of(&blank_literals(text));
        let module = module_of(path);
        let folder = std::iter::once("src").chain(module.iter().map(String::as_str)).collect::<Vec<_>>().join("/");
        let test_files = mark_tests(&mut tokens).iter().map(|name| format!("{folder}/{name}")).collect();
        let declared =
            tokens.windows(2).filter(|pair| pair[0].text == "mod").map(|pair| pair[1].text.clone()).collect();
        Self { has_head: text.trim_start().starts_with("//!"), module, tokens, declared, test_files }
    }

    /// The word or sign at `index + offset`, empty beyond the ends.
    pub(crate) fn near(&self, index: usize, offset: isize) -> &str {
        index.checked_add_signed(offset).map_or("", |at| text(&self.tokens, at))
    }

    /// Every path of two segments or more, and every leaf of every `use`.
    pub(crate) fn paths(&self) -> Vec<CodePath> {
        let tokens = &self.tokens;
        let mut paths = Vec::new();
        let mut module = self.module.clone();
        let mut depth = 0;
        let mut inline_modules: Vec<i32> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match text(tokens, at) {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    if inline_modules.last() == Some(&depth) {
                        inline_modules.pop();
                        module.pop();
                    }
                }
                "mod" if text(tokens, at + 2) == "{" => {
                    inline_modules.push(depth);
                    module.push(tokens[at + 1].text.clone());
                    at += 1;
                }
                "use" if text(tokens, at + 1) != "<" => {
                    at = use_leaves(tokens, at + 1, &[], &module, &mut paths);
                    continue;
                }
                word if is_word(word) => {
                    let start = at;
                    while text(tokens, at + 1) == "::" && is_word(text(tokens, at + 2)) {
                        at += 2;
                    }
                    let is_member = start > 0 && tokens[start - 1].text == ".";
                    if at > start && !is_member {
                        let segments = tokens[start..=at].iter().step_by(2).map(|token| token.text.clone()).collect();
                        let Token { line, test, .. } = tokens[start];
                        paths.push(CodePath { segments, line, test, module: module.clone() });
                    }
                }
                _ => {}
            }
            at += 1;
        }
        paths
    }
}

impl CodePath {
    /// Its segments.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// From the crate's root, if it leads into the crate by `crate`, `mesur`, `self` or `super`.
    pub(crate) fn inside_crate(&self) -> Option<Vec<&str>> {
        let parts = self.parts();
        match *parts.first()? {
            "crate" | "mesur" => Some(parts[1..].to_vec()),
            "self" | "super" => {
                let climbs = parts.iter().take_while(|part| matches!(**part, "super" | "self")).count();
                let supers = parts[..climbs].iter().filter(|part| **part == "super").count();
                let kept = self.module.len().checked_sub(supers)?;
                Some(self.module[..kept].iter().map(String::as_str).chain(parts[climbs..].iter().copied()).collect())
            }
            _ => None,
        }
    }
}

/// Reads one tree of a `use`, adds its leaves, and says where it ends.
fn use_leaves(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    module: &[String],
    paths: &mut Vec<CodePath>,
) -> usize {
    let mut segments = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "::" => at += 1,
            "{" => {
                let end = group_end(tokens, at);
                at += 1;
                while at + 1 < end {
                    at = use_leaves(tokens, at, &segments, module, paths).max(at + 1);
                }
                return end;
            }
            "as" => at += 2,
            word if word == "*" || is_word(word) => {
                let is_leaf = text(tokens, at + 1) != "::";
                if !(is_leaf && word == "self" && !segments.is_empty()) {
                    segments.push(word.to_owned());
                }
                if is_leaf {
                    let Token { line, test, .. } = *token;
                    paths.push(CodePath { segments: segments.clone(), line, test, module: module.to_vec() });
                }
                at += 1;
            }
            _ => break,
        }
    }
    at
}

fn text(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.text.as_str())
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// `mod.rs`, `lib.rs` and `main.rs` add no name of their own.
fn module_of(path: &str) -> Vec<String> {
    let Some(inner) = path.strip_prefix("src/").and_then(|rest| rest.strip_suffix(".rs")) else { return Vec::new() };
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if matches!(inner, "lib" | "main") || parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

fn tokens_of(blank: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (index, line) in blank.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = match word {
                0 if rest.starts_with("::") => 2,
                0 => first.len_utf8(),
                _ => word,
            };
            tokens.push(Token { text: rest[..length].to_owned(), line: index + 1, test: false });
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// Marks what stands under `#[cfg(test)]` or `#[test]`, and names the modules so marked that lie in files of their own.
fn mark_tests(tokens: &mut [Token]) -> Vec<String> {
    let mut outside = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !is_test_attribute(tokens, at) {
            at += 1;
            continue;
        }
        let whole_file = text(tokens, at + 1) == "!";
        let end = if whole_file { tokens.len() } else { item_end(tokens, group_end(tokens, at)) };
        let [.., declaration, name, last] = &mut tokens[at..end] else { break };
        if declaration.text == "mod" && last.text == ";" {
            outside.push(name.text.clone());
        }
        tokens[at..end].iter_mut().for_each(|token| token.test = true);
        at = end;
    }
    outside
}

fn is_test_attribute(tokens: &[Token], at: usize) -> bool {
    let words: Vec<&str> =
        tokens[at..].iter().take(8).map(|token| token.text.as_str()).filter(|text| *text != "!").collect();
    let words = words.join(" ");
    words.starts_with("# [")
        && ["# [ cfg ( test )", "# [ cfg ( all ( test", "# [ test ]"].iter().any(|w| words.starts_with(w))
}

/// Behind the brackets that open at or after `at`.
fn group_end(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth -= 1;
                if depth <= 0 {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Behind the item that begins at `at`: its attributes, then up to `;` or the end of its braces.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while at < tokens.len() {
        match text(tokens, at) {
            "(" | "[" => at = group_end(tokens, at),
            "{" => return group_end(tokens, at),
            ";" => return at + 1,
            "}" => return at,
            _ => at += 1,
        }
    }
    at
}

/// The text with comments and literals turned to spaces; lines stay where they are.
pub(crate) fn blank_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        if let Some(end) = literal_end(&chars, at, inside_word) {
            let end = end.min(chars.len());
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that begins here ends; none if none begins here.
fn literal_end(chars: &[char], at: usize, inside_word: bool) -> Option<usize> {
    let peek = |ahead: usize| chars.get(at + ahead).copied().unwrap_or('\0');
    match (peek(0), peek(1)) {
        ('/', '/') => Some(find(chars, at, |i| chars[i] == '\n')),
        ('/', '*') => Some(block_comment_end(chars, at)),
        ('"', _) => Some(string_end(chars, at)),
        ('\'', _) => char_end(chars, at),
        ('b' | 'c' | 'r', _) if inside_word => None,
        ('b' | 'c', '"') => Some(string_end(chars, at + 1)),
        ('b', '\'') => char_end(chars, at + 1),
        ('b' | 'c', 'r') => raw_string_end(chars, at + 2),
        ('r', _) => raw_string_end(chars, at + 1),
        _ => None,
    }
}

/// The first place from `from` where the question is answered with yes, else the end.
fn find(chars: &[char], from: usize, question: impl Fn(usize) -> bool) -> usize {
    (from..chars.len()).find(|i| question(*i)).unwrap_or(chars.len())
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], quote: usize) -> usize {
    let mut at = quote + 1;
    while at < chars.len() && chars[at] != '"' {
        at += 1 + usize::from(chars[at] == '\\');
    }
    at + 1
}

/// From behind the `r`; none for a raw identifier or a plain word.
fn raw_string_end(chars: &[char], from: usize) -> Option<usize> {
    let quote = find(chars, from, |i| chars[i] != '#');
    let hashes = quote - from;
    let closes = |i: usize| chars[i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (chars.get(quote) == Some(&'"')).then(|| find(chars, quote + 1, closes) + 1 + hashes)
}

/// From the quote; none for a lifetime.
fn char_end(chars: &[char], quote: usize) -> Option<usize> {
    if chars.get(quote + 1) == Some(&'\\') {
        return Some(find(chars, quote + 3, |i| chars[i] == '\'') + 1);
    }
    (chars.get(quote + 2) == Some(&'\'')).then_some(quote + 3)
}
