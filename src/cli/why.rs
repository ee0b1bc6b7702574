//! `mesur why`: what a published cell was made of, on one screen.

use crate::pipeline::{Why, WhySource, Workspace};

use super::arguments::WhyArguments;
use super::error::CliError;
use super::output::say;

pub(super) async fn run(workspace: &Workspace, arguments: &WhyArguments) -> Result<u8, CliError> {
    let why = workspace.why(&arguments.edition, &arguments.table, &arguments.cell, arguments.role.into()).await?;
    print_head(&why);
    for source in &why.sources {
        print_source(source);
    }
    if !why.firms.is_empty() {
        say(format_args!("\nFirms (enterprise: group)"));
        for (business, group) in &why.firms {
            say(format_args!("  {business}: {group}"));
        }
    }
    say(format_args!("\nSQL, as it ran\n{}", why.sql));
    Ok(0)
}

fn print_head(why: &Why) {
    say(format_args!("{} in {}", why.address, why.edition));
    say(format_args!("  published   {}", why.published));
    say(format_args!("  indicator   {}", why.title));
    say(format_args!("  formula     {}", why.formula));
    if !why.vintage.is_empty() {
        say(format_args!("  vintage     {}", why.vintage));
    }
    say(format_args!("  snapshot    {}", why.snapshot));
    for (name, value) in &why.parameters {
        say(format_args!("  ${name} {value}"));
    }
    if why.firm_count > 0 {
        say(format_args!("  firms       {}", why.firm_count));
    }
    say(format_args!("\nExtracts"));
}

fn print_source(source: &WhySource) {
    let rows = match &source.rows {
        None => "read as a whole".to_owned(),
        Some(rows) if rows.is_empty() => "no row of these firms".to_owned(),
        Some(rows) => format!("{} rows of these firms: {}", rows.len(), ranges(rows)),
    };
    let left_out = match source.quarantined {
        0 => String::new(),
        count => format!("; {count} rows of this file are in quarantine and count nowhere"),
    };
    say(format_args!("  {}: {rows}{left_out}", source.file));
}

/// `2-4, 9`.
fn ranges(rows: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for row in rows {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => parts.push((*row, *row)),
        }
    }
    let text = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    parts.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn rows_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[2, 3, 4, 9, 11, 12]), "2-4, 9, 11-12");
    }
}
