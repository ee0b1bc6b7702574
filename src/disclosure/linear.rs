//! Exact elimination: what follows from what is published. Knows columns and coefficients, nothing of firms or cells.
//!
//! A hidden sum can be computed exactly if, and only if, its unit vector lies in the row space of the equations restricted
//! to hidden sums, that is, if the reduced row echelon form has a row in which it stands alone. We compute that form modulo
//! the prime 2^31 - 1: the matrices hold small whole numbers, and a wrong answer would need a minor that this prime divides.

use std::collections::{BTreeMap, HashMap};

use super::relations::Equation;
use super::variables::{VariableId, index};

const PRIME: u64 = 2_147_483_647;

/// A line of the reduced form: a sum of hidden columns that equals a sum of published ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Consequence {
    /// Hidden columns, in their order.
    pub(super) hidden: Vec<VariableId>,
    /// Published columns that take part, in their order. Hiding one of them breaks this line.
    pub(super) published: Vec<VariableId>,
}

type Row = Vec<(u32, u64)>;

/// Groups equations that share hidden columns. Each group: its hidden columns, and positions of its equations.
pub(super) fn components(
    equations: &[Equation],
    is_hidden: &dyn Fn(VariableId) -> bool,
) -> Vec<(Vec<VariableId>, Vec<usize>)> {
    let columns = equations.iter().flat_map(|equation| &equation.0).map(|(id, _)| index(*id) + 1).max().unwrap_or(0);
    let mut roots: Vec<Option<VariableId>> = vec![None; columns];
    let mut touched = Vec::new();
    for (at, equation) in equations.iter().enumerate() {
        let mut first: Option<VariableId> = None;
        for (id, _) in &equation.0 {
            if !is_hidden(*id) {
                continue;
            }
            roots[index(*id)].get_or_insert(*id);
            if let Some(first) = first {
                let (a, b) = (root(&mut roots, first), root(&mut roots, *id));
                roots[index(a.max(b))] = Some(a.min(b));
            } else {
                touched.push((at, *id));
                first = Some(*id);
            }
        }
    }
    let mut groups: BTreeMap<VariableId, (Vec<VariableId>, Vec<usize>)> = BTreeMap::new();
    let ids: Vec<VariableId> = (0..).zip(&roots).filter(|(_, root)| root.is_some()).map(|(id, _)| id).collect();
    for id in ids {
        groups.entry(root(&mut roots, id)).or_default().0.push(id);
    }
    for (at, id) in touched {
        groups.entry(root(&mut roots, id)).or_default().1.push(at);
    }
    groups.into_values().collect()
}

/// The least column that hangs together with one, shortening the way to it.
fn root(roots: &mut [Option<VariableId>], id: VariableId) -> VariableId {
    let mut top = id;
    while let Some(next) = roots[index(top)].filter(|next| *next != top) {
        top = next;
    }
    let mut at = id;
    while at != top {
        at = roots[index(at)].replace(top).unwrap_or(top);
    }
    top
}

/// The lines of the reduced form of some equations that have at most `most` hidden columns.
pub(super) fn consequences<'a>(
    equations: impl Iterator<Item = &'a Equation>,
    is_hidden: &dyn Fn(VariableId) -> bool,
    most: usize,
) -> Vec<Consequence> {
    let equations: Vec<&Equation> = equations.collect();
    let columns = Columns::new(&equations, is_hidden);
    let mut rows: Vec<Row> = equations.iter().map(|equation| columns.row(equation)).collect();
    rows.sort_by_key(|row| columns.hidden_in(row));
    let reduced = reduce(rows, columns.hidden_count());
    let mut found: Vec<Consequence> = reduced
        .iter()
        .filter(|row| columns.hidden_in(row) <= most)
        .map(|row| {
            let mut names: (Vec<VariableId>, Vec<VariableId>) = (Vec::new(), Vec::new());
            for (column, _) in row {
                let name = columns.name(*column);
                if *column < columns.hidden_count() { names.0.push(name) } else { names.1.push(name) }
            }
            names.0.sort_unstable();
            names.1.sort_unstable();
            Consequence { hidden: names.0, published: names.1 }
        })
        .collect();
    found.sort_by(|a, b| a.hidden.cmp(&b.hidden));
    found
}

/// Columns of a matrix: hidden ones first, those in few equations before those in many, which keeps the rows short.
struct Columns {
    names: Vec<VariableId>,
    ranks: HashMap<VariableId, u32>,
    hidden: u32,
}

impl Columns {
    fn new(equations: &[&Equation], is_hidden: &dyn Fn(VariableId) -> bool) -> Self {
        let mut uses: HashMap<VariableId, usize> = HashMap::new();
        for (id, _) in equations.iter().flat_map(|equation| &equation.0) {
            *uses.entry(*id).or_default() += 1;
        }
        let mut order: Vec<(bool, usize, VariableId)> =
            uses.into_iter().map(|(id, count)| (!is_hidden(id), count, id)).collect();
        order.sort_unstable();
        let hidden = order.partition_point(|(published, ..)| !published);
        let names: Vec<VariableId> = order.into_iter().map(|(.., id)| id).collect();
        let ranks = (0..).zip(&names).map(|(rank, name)| (*name, rank)).collect();
        Self { names, ranks, hidden: u32::try_from(hidden).unwrap_or(u32::MAX) }
    }

    fn hidden_count(&self) -> u32 {
        self.hidden
    }

    fn name(&self, column: u32) -> VariableId {
        self.names[index(column)]
    }

    fn row(&self, equation: &Equation) -> Row {
        let mut row: Row = equation.0.iter().map(|(id, factor)| (self.ranks[id], residue(*factor))).collect();
        row.sort_unstable();
        row
    }

    fn hidden_in(&self, row: &Row) -> usize {
        row.partition_point(|(column, _)| *column < self.hidden)
    }
}

fn residue(factor: i64) -> u64 {
    let size = factor.unsigned_abs() % PRIME;
    if factor < 0 && size != 0 { PRIME - size } else { size }
}

/// Reduced row echelon form with pivots in the first `hidden` columns only.
fn reduce(rows: Vec<Row>, hidden: u32) -> Vec<Row> {
    let mut pivots: Vec<Option<Row>> = vec![None; index(hidden)];
    for mut row in rows {
        clear(&mut row, 0, hidden, &pivots);
        let Some((column, factor)) = row.first().copied().filter(|(column, _)| *column < hidden) else { continue };
        let inverse = power(factor, PRIME - 2);
        for entry in &mut row {
            entry.1 = entry.1 * inverse % PRIME;
        }
        pivots[index(column)] = Some(row);
    }
    // From the last pivot to the first, so that each row is cleared by rows that are final.
    for column in (0..pivots.len()).rev() {
        if let Some(mut row) = pivots[column].take() {
            clear(&mut row, 1, hidden, &pivots);
            pivots[column] = Some(row);
        }
    }
    pivots.into_iter().flatten().collect()
}

/// Clears the columns of a row that have a pivot, from the left; what a pivot brings in lies to its right.
fn clear(row: &mut Row, mut from: usize, hidden: u32, pivots: &[Option<Row>]) {
    while let Some((column, factor)) = row.get(from).copied().filter(|(column, _)| *column < hidden) {
        match &pivots[index(column)] {
            Some(pivot) => *row = minus(row, factor, pivot),
            None => from += 1,
        }
    }
}

/// `row - factor * other`.
fn minus(row: &Row, factor: u64, other: &Row) -> Row {
    let negative = PRIME - factor;
    let mut result = Vec::with_capacity(row.len() + other.len());
    let (mut left, mut right) = (row.iter().copied().peekable(), other.iter().copied().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (Some((a, x)), Some((b, y))) if a == b => {
                let sum = (x + negative * y) % PRIME;
                if sum != 0 {
                    result.push((a, sum));
                }
                left.next();
                right.next();
            }
            (Some((a, x)), Some((b, _))) if a < b => {
                result.push((a, x));
                left.next();
            }
            (_, Some((b, y))) => {
                result.push((b, negative * y % PRIME));
                right.next();
            }
            (Some(entry), None) => {
                result.push(entry);
                left.next();
            }
            (None, None) => return result,
        }
    }
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Consequence, Equation, components, consequences};

    fn lines(equations: &[Equation], hidden: &[u32], most: usize) -> Vec<Consequence> {
        let hidden: BTreeSet<u32> = hidden.iter().copied().collect();
        consequences(equations.iter(), &|id| hidden.contains(&id), most)
    }

    #[test]
    fn a_column_alone_in_a_combination_is_found_with_its_witnesses() {
        // a + b = s, b + c = t, and b is published elsewhere through b = u.
        let equations = [
            Equation(vec![(0, 1), (1, 1), (3, -1)]),
            Equation(vec![(1, 1), (2, 1), (4, -1)]),
            Equation(vec![(1, 1), (5, -1)]),
        ];
        assert_eq!(lines(&equations[..2], &[0, 1, 2], 1), []);
        let found = lines(&equations, &[0, 1, 2], 1);
        let hidden: Vec<Vec<u32>> = found.iter().map(|line| line.hidden.clone()).collect();
        assert_eq!(hidden, [[0], [1], [2]]);
        assert_eq!(found[0].published, [3, 5]);
        assert_eq!(lines(&equations[..2], &[0, 1], 2)[0].hidden, [0]);
    }

    #[test]
    fn multiples_do_not_disturb() {
        // 3a - s = 0 tells a; a - b = 0 with both hidden tells neither.
        assert_eq!(lines(&[Equation(vec![(0, 3), (1, -1)])], &[0], 1).len(), 1);
        assert_eq!(lines(&[Equation(vec![(0, 1), (1, -1)])], &[0, 1], 1), []);
    }

    #[test]
    fn components_hang_together_by_hidden_columns_only() {
        let equations =
            [Equation(vec![(0, 1), (1, 1), (9, -1)]), Equation(vec![(2, 1), (9, -1)]), Equation(vec![(1, 1), (3, 1)])];
        let found = components(&equations, &|id| id < 9);
        assert_eq!(found, [(vec![0, 1, 3], vec![0, 2]), (vec![2], vec![1])]);
    }
}
