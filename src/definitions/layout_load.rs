//! Loads `schemas/layouts/*.toml`, each checked alone and against the others. Opens no workbook.

use std::path::Path;

use super::layout::Layout;
use super::layout_read::parse_layout;
use super::schema_load::read_files;
use super::{DefinitionsError, Problem};

/// Loads every `*.toml` of a folder. A folder that does not exist holds no layouts.
///
/// # Errors
/// [`DefinitionsError::Broken`] with every problem of every file, those of one file in the order of its lines.
pub fn load_layouts(dir: &Path) -> Result<Vec<Layout>, DefinitionsError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let mut layouts: Vec<Layout> = Vec::new();
    for (file, text) in read_files(dir, "toml", &mut problems) {
        let (layout, found) = parse_layout(&file, &text);
        layouts.extend(layout);
        problems.extend(found);
    }
    for (index, layout) in layouts.iter().enumerate() {
        for other in &layouts[..index] {
            let shared = layout.suppliers.iter().find(|code| other.suppliers.contains(code));
            if let (Some(code), true) = (shared, layout.dataset == other.dataset) {
                problems.push(Problem {
                    file: format!("layouts/{}.toml", layout.name),
                    at: "suppliers".to_owned(),
                    what: format!("`{code}` already belongs to layout `{}`", other.name),
                    hint: "one layout a supplier and dataset".to_owned(),
                });
            }
        }
    }
    if problems.is_empty() { Ok(layouts) } else { Err(DefinitionsError::Broken(problems)) }
}
