//! Small tables written as text: a line of column names, then a line a row, cells between commas. White space around a
//! cell does not count, so columns can be lined up. Knows no types.

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextTable {
    /// Names of the columns; none in a table that was left empty.
    pub columns: Vec<String>,
    /// One cell a column; a cell that is empty is no value.
    pub rows: Vec<Vec<Option<String>>>,
}

impl TextTable {
    /// Reads a block. Lines that are blank or begin with `#` are passed over; `""` is a text without letters, and quotes
    /// keep commas and spaces.
    ///
    /// # Errors
    /// What is wrong, line by line.
    pub fn parse(block: &str) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut table = Self::default();
        for (number, line) in block.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let cells = match parse_line(line) {
                Ok(cells) => cells,
                Err(what) => {
                    problems.push(format!("line {}: {what}", number + 1));
                    continue;
                }
            };
            if table.columns.is_empty() {
                problems.extend(check_names(&cells).into_iter().map(|what| format!("line {}: {what}", number + 1)));
                table.columns = cells.into_iter().map(Option::unwrap_or_default).collect();
            } else if cells.len() == table.columns.len() {
                table.rows.push(cells);
            } else {
                let (found, wanted) = (cells.len(), table.columns.len());
                problems.push(format!("line {}: has {found} cells, and there are {wanted} columns", number + 1));
            }
        }
        if problems.is_empty() { Ok(table) } else { Err(problems) }
    }

    /// The place of a column.
    #[must_use]
    pub fn find_column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

fn check_names(cells: &[Option<String>]) -> Vec<String> {
    let mut problems = Vec::new();
    for (position, cell) in cells.iter().enumerate() {
        match cell {
            Some(name) if cells[..position].contains(cell) => problems.push(format!("there are two columns `{name}`")),
            Some(name) if !name.is_empty() => {}
            _ => problems.push(format!("column {} has no name", position + 1)),
        }
    }
    problems
}

fn parse_line(line: &str) -> Result<Vec<Option<String>>, &'static str> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = parse_cell(rest.trim_start())?;
        cells.push(cell);
        match after.trim_start().strip_prefix(',') {
            Some(next) => rest = next,
            None if after.trim().is_empty() => return Ok(cells),
            None => return Err("something stands between a closing quote and the next comma"),
        }
    }
}

/// One cell and what stands after it.
fn parse_cell(text: &str) -> Result<(Option<String>, &str), &'static str> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        let cell = text[..end].trim_end();
        return Ok(((!cell.is_empty()).then(|| cell.to_owned()), &text[end..]));
    };
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"').ok_or("a quote is not closed")?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return Ok((Some(cell), rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextTable;

    #[test]
    fn columns_can_be_lined_up_and_empty_cells_are_no_values() {
        let table =
            TextTable::parse("\n# firms\n  id ,  name\n  1  ,  Ebbw \n  2  ,\n  3  , \"\"\n  4,\"a, \"\"b\"\" \"\n");
        let texts = |cells: [Option<&str>; 2]| cells.map(|cell| cell.map(str::to_owned)).to_vec();
        let expected = TextTable {
            columns: vec!["id".to_owned(), "name".to_owned()],
            rows: vec![
                texts([Some("1"), Some("Ebbw")]),
                texts([Some("2"), None]),
                texts([Some("3"), Some("")]),
                texts([Some("4"), Some("a, \"b\" ")]),
            ],
        };
        assert_eq!(table, Ok(expected));
        assert_eq!(TextTable::parse("  \n"), Ok(TextTable::default()));
    }

    #[test]
    fn every_broken_line_is_told() {
        let problems = TextTable::parse("a, a,\n1, 2\n\"x\n\"y\" z, 1, 2").expect_err("it is broken");
        assert_eq!(
            problems,
            [
                "line 1: there are two columns `a`",
                "line 1: column 3 has no name",
                "line 2: has 2 cells, and there are 3 columns",
                "line 3: a quote is not closed",
                "line 4: something stands between a closing quote and the next comma",
            ]
        );
    }
}
