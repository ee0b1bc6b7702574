//! End to end: the real binary, the real protocols, against servers in this process.

mod bad_input;
mod bench;
mod commands;
mod dispatch;
mod mail;
mod mail_bench;
mod planted;
mod quarter;
mod smtp_server;
