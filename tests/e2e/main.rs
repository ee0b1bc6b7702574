//! End to end: the real protocols against servers in this process.

mod dispatch;
mod mail_bench;
mod smtp_server;
