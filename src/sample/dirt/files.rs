//! Defects of whole files: one delivered again under a new name, one in Windows-1252, one with semicolons, one with a
//! title above its header. None of them loses a row.

use std::path::Path;

use super::super::error::SampleError;
use super::plot::Dirt;

/// A file that `partner` delivers: dataset, case, bytes. The first is in Windows-1252, where `\xe9` is é and `\xa3` is £.
const DELIVERED: [(&str, &str, &[u8]); 3] = [
    (
        "calls",
        "windows-1252",
        b"call_id,name,body,opened_on,closed_on,i40_relevant,applications_wales,awards_wales,value_gbp,suitability_note\n\
          EX-P-01,Example call: d\xe9couverte,OTHER,2019-02-04,2019-03-29,true,2,1,100000.00,Invented. Up to \xa350k each.\n\
          EX-P-02,Example call: r\xe9seaux,OTHER,2019-02-11,2019-04-12,false,,,250000.00,\n",
    ),
    (
        "partner_benchmarks",
        "semicolons",
        b"region;programme;metric;period_from;period_to;value;unit;currency;cumulative;source_ref;confidence\n\
          PIEMONTE;Example programme;COMPANIES;2018-01-01;2018-12-31;40;COMPANIES;;true;Example, no source;ESTIMATED\n\
          LITHUANIA;Example programme;EXPENDITURE;2018-01-01;2018-12-31;1000000;EUR;EUR;true;Example, no source;ESTIMATED\n",
    ),
    (
        "learning_log",
        "title-above-header",
        b"Learning log of the partnership (example)\n\n\
          date,source,topic,learned,action,owner_role,status\n\
          2019-02-05,LITHUANIA,Kick-off,Example entry: agree on words before numbers.,Glossary,Analyst,DONE\n\
          2019-02-27,PIEMONTE,Vouchers,Example entry: small vouchers bring new applicants.,,Policy adviser,OPEN\n",
    ),
];

/// Adds the files; returns their names and rows.
pub(crate) fn plant_files(
    dirt: &mut Dirt,
    folder: &Path,
    as_of: &str,
    rows_again: u64,
) -> Result<Vec<(String, u64)>, SampleError> {
    let mut written = Vec::new();
    for (dataset, case, bytes) in DELIVERED {
        let name = format!("{dataset}__partner__{as_of}__001.csv");
        let path = folder.join(&name);
        std::fs::write(&path, bytes).map_err(|source| SampleError::File { path: path.clone(), source })?;
        dirt.note(&name, None, case, None)?;
        written.push((name, 2));
    }
    let [first, again] = ["001", "002"].map(|sequence| format!("rd_outcomes__survey__{as_of}__{sequence}.csv"));
    let target = folder.join(&again);
    std::fs::copy(folder.join(first), &target).map_err(|source| SampleError::File { path: target.clone(), source })?;
    dirt.note(&again, None, "whole-file-again", None)?;
    written.push((again, rows_again));
    Ok(written)
}
