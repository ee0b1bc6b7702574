//! Tests of layout files: the shipped ones are sound, and every kind of problem is found, all of them at once.

use std::path::Path;

use super::{check_layouts, load_layouts, load_schemas};

const GOOD: &str = r"title = 'x'
dataset = 'vouchers'
suppliers = ['grants']
columns = [{ field = 'voucher_id', from = ['Id'] }]
[header]
row = 1
[unpivot]
pattern = '20\d\d'
field = 'parent_id'
value = 'grant_gbp'
";

/// The problems of a layout alone, or with its schema.
fn problems(text: &str) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("schemas");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("vouchers.json"), super::schema_tests::GOOD).expect("a file");
    std::fs::write(folder.join("x.toml"), text).expect("a file");
    let schemas = load_schemas(&folder).expect("a good schema");
    match load_layouts(&folder) {
        Ok(layouts) => check_layouts(&layouts, &schemas).iter().map(ToString::to_string).collect(),
        Err(super::DefinitionsError::Broken(problems)) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_layouts_fit_their_schemas() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let schemas = load_schemas(&folder).expect("good schemas");
    let layouts = load_layouts(&folder.join("layouts")).expect("good layouts");
    assert!(layouts.len() > 20);
    assert_eq!(check_layouts(&layouts, &schemas), Vec::new());
}

#[test]
fn a_good_layout_has_no_problems() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
}

#[test]
fn all_problems_come_at_once_with_their_lines() {
    let broken = GOOD
        .replace("title", "titel")
        .replace("['grants']", "[]")
        .replace("row = 1", "row = 0\ntexts = ['Id']\nrows = 0")
        .replace(r"20\d\d", "20[")
        .replace("field = 'parent_id'\n", "multiply = 'x'\n")
        + "[[sheets]]\nname = 'A'\nposition = 2\n[[releases]]\nfrom = '2023'\n[constants]\nparent_id = 7\n";
    assert_eq!(
        problems(&broken),
        [
            "schemas/x.toml > line 1, titel: no such key (did you mean `title`?)",
            "schemas/x.toml > line 1, title: is missing",
            "schemas/x.toml > line 3, suppliers: is empty (name the supplier codes whose files look like this)",
            "schemas/x.toml > line 7, header.texts: must have one of texts, row and absent (texts = [\"ITL code\"], row = 1 or absent = true)",
            "schemas/x.toml > line 8, header.rows: counts from 1",
            "schemas/x.toml > line 10, unpivot.pattern: does not compile: unclosed character class (see the `regex` syntax)",
            "schemas/x.toml > line 11, unpivot.multiply: is not a decimal number (write \"0.001\")",
            "schemas/x.toml > line 14, sheets[0].name: must be one of name, position and pattern (positions count from 1)",
            "schemas/x.toml > line 17, releases[0].from: is not a day (write \"YYYY-MM-DD\")",
            "schemas/x.toml > line 19, constants.parent_id: is not a text (write it in quotes)",
        ]
    );
}

#[test]
fn a_text_that_is_not_toml_is_said_so() {
    assert_eq!(problems("title = \n").len(), 1);
    assert!(problems("title = \n")[0].starts_with("schemas/x.toml > line 1: "));
}

#[test]
fn each_part_is_checked() {
    for (part, what) in [
        ("[[columns]]\nfrom = ['a']", "columns[1].field: must have either field or split"),
        ("[[columns]]\nfield = 'a'", "columns[1].from: is missing"),
        ("[[columns]]\nfield = 'a'\nfrom = ['#0']", "columns[1].from: `#0` is not a position"),
        ("[[columns]]\nsplit = 'a'\nfrom = ['a']", "columns[1].split: has no named group"),
        ("[[columns]]\nfield = 'a'\nfrom = ['a']\nstatus = 'b'", "columns[1].status: belongs to numbers only"),
        ("[[columns]]\nfield = 'a'\nfrom = ['a']\nrewrite = [{ match = 'a' }]", "rewrite[0].to: is missing"),
        ("[[columns]]\nfield = 'a'\nfrom = ['a']\nnumber = { group = ',', decimal = ',' }", "also separates decimals"),
        ("[[columns]]\nfield = 'a'\nfrom = ['a']\nnumber = { digits = 40 }", "number.digits: is not from 1 to 28"),
        ("[[filters]]\ncolumn = ['a']", "filters[0].column: is not tested"),
        ("[[kinds]]\nequals = ['a']", "kinds[0].column: is missing"),
        ("[unpivot.values]\ncur = 'a'", "unpivot.value: must be one of value and values"),
        ("[markers]\nnotes = 'a*'", "markers.notes: matches nothing at all"),
        ("[markers]\nmarks = { ' ' = 'e' }", "markers.marks: has a mark without text"),
        ("[text]\nencoding = 'latin-99'", "text.encoding: `latin-99` is not known"),
        ("[text]\ndelimiter = ';;'", "text.delimiter: is not one character"),
        ("[end]\nempty = true", "end.empty: no such key"),
        ("[values]\nunit = 'x'", "values.unit: is not a table of texts"),
        ("[[above]]\nfield = 'a'", "above[0].label: is missing"),
    ] {
        let text = GOOD.replace("columns = [{ field = 'voucher_id', from = ['Id'] }]\n", "")
            + "[[columns]]\nfield = 'voucher_id'\nfrom = ['Id']\n"
            + part;
        let found = problems(&text).join("\n");
        assert!(found.contains(what), "{what} in {found}");
    }
}

#[test]
fn a_layout_is_checked_against_its_schema() {
    let wrong =
        GOOD.replace("'voucher_id'", "'decided_on'").replace("'grants'", "'others'").replace("'grant_gbp'", "'x'")
            + "[constants]\nparent_id = 'a'\n[values.contact]\na = 'b'\n";
    assert_eq!(
        problems(&wrong),
        [
            "layouts/x.toml > suppliers: `others` does not deliver `vouchers` (add it to the schema)",
            "layouts/x.toml > unpivot.value: `x` is not a field of `vouchers`",
            "layouts/x.toml > unpivot.field: `parent_id` is given twice (leave one of them out)",
            "layouts/x.toml > values: `contact` is not taken from a cell or header (constants need no other value)",
            "layouts/x.toml > constants: nothing gives the required field `voucher_id` (add a constant)",
        ]
    );
}

#[test]
fn a_required_field_may_come_from_every_sheet_kind_or_release() {
    let without = GOOD.replace("'voucher_id'", "'contact'");
    let missing = "nothing gives the required field `voucher_id`";
    assert!(problems(&without).join("\n").contains(missing));
    for part in [
        "[[sheets]]\nname = 'A'\nconstants = { voucher_id = 'a' }",
        "[[sheets]]\npattern = '(?<voucher_id>.+)'",
        "[[releases]]\nfrom = '2023-01-01'\nconstants = { voucher_id = 'a' }",
        "[[kinds]]\ncolumn = 'Id'\nequals = 'a'\nconstants = { voucher_id = 'a' }",
        "[as_of]\nvoucher_id = '%Y'",
        "[[above]]\nfield = 'voucher_id'\nlabel = 'Id'",
    ] {
        assert_eq!(problems(&(without.clone() + part)), Vec::<String>::new(), "{part}");
    }
    let half = "[[sheets]]\nname = 'A'\nconstants = { voucher_id = 'a' }\n[[sheets]]\nname = 'B'";
    assert!(problems(&(without + half)).join("\n").contains(missing));
}
