//! Asks a mail server whether it would let us in, without sending anything.

use super::DispatchError;
use super::smtp::SmtpClient;
use crate::config::SmtpSettings;

/// Connects, secures the connection and logs in, then leaves.
///
/// # Errors
/// When the settings of TLS are wrong, or the server cannot be reached or does not let us in.
pub async fn probe_server(settings: &SmtpSettings) -> Result<(), DispatchError> {
    let probe = SmtpClient::new(settings)?.probe().await;
    probe.map_err(|source| DispatchError::Away { host: settings.host.clone(), port: settings.port, source })
}
