//! `mesur explain`: what an indicator is, in either language.

use crate::model::Language;
use crate::pipeline::{PipelineError, Project};

use super::arguments::{ExplainArguments, Tongue};
use super::error::CliError;

pub(super) fn run(project: &Project, arguments: &ExplainArguments) -> Result<u8, CliError> {
    let language = match arguments.language {
        Tongue::En => Language::En,
        Tongue::Cy => Language::Cy,
    };
    let definitions = &project.definitions;
    let wanted = arguments.id.to_ascii_uppercase();
    let Some(indicator) = definitions.indicators.values().find(|indicator| indicator.id.as_str() == wanted) else {
        let known = definitions.indicators.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(PipelineError::Unknown { kind: "indicator", name: arguments.id.clone(), known }.into());
    };
    say!("{}", definitions.explain(indicator, language, &project.settings.indicators).trim_end());
    Ok(0)
}
