//! Tests over real sockets: what two writers send arrives as whole messages in order, whoever is slow.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpSocket;
use tokio::time::timeout;

use super::*;
use crate::wire::Epoch;

const SOON: Duration = Duration::from_secs(20);
/// Of the kernel's buffers: small, so that they are soon full.
const BUFFER_BYTES: u32 = 4096;

async fn connected() -> (Pipe, Arc<Outflow>, TcpStream) {
    let listening = TcpSocket::new_v4().expect("a socket");
    listening.set_send_buffer_size(BUFFER_BYTES).expect("a socket");
    listening.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener: TcpListener = listening.listen(1).expect("a port");
    let client = TcpSocket::new_v4().expect("a socket");
    client.set_recv_buffer_size(BUFFER_BYTES).expect("a socket");
    let client = client.connect(listener.local_addr().expect("an address")).await.expect("it listens");
    let (stream, _) = listener.accept().await.expect("it connects");
    let (pipe, outflow) = pipe(stream);
    (pipe, outflow, client)
}

fn told(serial: u64) -> Told {
    Told { serial, position: Position { epoch: Epoch::new(1, 0), tick: serial as u32 } }
}

/// A frame that can be told from others.
fn bytes(serial: u64, length: usize) -> Bytes {
    vec![serial as u8; length].into()
}

async fn is_woken(outflow: &Outflow) -> bool {
    timeout(Duration::ZERO, outflow.behind()).await.is_ok()
}

async fn read(client: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut read = vec![0; length];
    timeout(SOON, client.read_exact(&mut read)).await.expect("in time").expect("open");
    read
}

/// Offers frames until the kernel takes one in part; what has been told then.
async fn choke(outflow: &Outflow) -> Vec<u8> {
    let (mut all, mut serial) = (Vec::new(), 0);
    outflow.give_turn(Some(told(serial)));
    loop {
        serial += 1;
        assert!(serial < 10_000, "the kernel takes everything");
        let frame = bytes(serial, 4093);
        if outflow.offer(told(serial), &frame) {
            all.extend_from_slice(&frame);
        } else {
            serial -= 1;
            // The loopback moves on by itself.
            tokio::task::yield_now().await;
        }
        if !outflow.line().tail.is_empty() {
            return all;
        }
    }
}

#[tokio::test]
async fn y3_only_the_frame_after_the_one_told_is_written_past_the_task() {
    let (_pipe, outflow, mut client) = connected().await;
    assert!(!outflow.offer(told(1), &bytes(1, 5)), "it is the task's turn to begin");
    assert!(is_woken(&outflow).await && !is_woken(&outflow).await, "woken once");
    outflow.give_turn(Some(told(1)));
    assert!(outflow.offer(told(2), &bytes(2, 5)) && outflow.offer(told(3), &bytes(3, 5)));
    assert!(!is_woken(&outflow).await, "nobody is woken for what was written");
    for other in [2, 3, 5] {
        assert!(!outflow.offer(told(other), &bytes(other, 5)), "{other} after 3");
        assert!(is_woken(&outflow).await);
    }
    assert_eq!(outflow.take_turn(), Some(told(3)));
    assert!(!outflow.offer(told(4), &bytes(4, 5)), "the task has the turn");
    assert_eq!(read(&mut client, 10).await, [[2; 5], [3; 5]].concat());
}

#[tokio::test]
async fn nothing_comes_into_the_middle_of_a_message_of_the_library() {
    let (mut pipe, outflow, mut client) = connected().await;
    outflow.give_turn(Some(told(0)));
    let message = vec![b'm'; 1 << 20];
    let begun = pipe.write(&message).await.expect("open");
    assert!(begun < message.len(), "the kernel takes everything");
    let rest = tokio::spawn(async move {
        pipe.write_all(&message[begun..]).await.expect("open");
        pipe
    });
    // While some of it has been read, so that there is room again.
    let first = read(&mut client, begun).await;
    assert!(!outflow.offer(told(1), &bytes(1, 5)));
    let last = read(&mut client, (1 << 20) - begun).await;
    assert!(first.iter().chain(&last).all(|byte| *byte == b'm'));
    let _pipe = timeout(SOON, rest).await.expect("in time").expect("no panic");
    assert!(outflow.offer(told(1), &bytes(1, 5)), "between messages it may");
    assert_eq!(read(&mut client, 5).await, [1; 5]);
}

#[tokio::test]
async fn the_tail_of_a_frame_goes_before_anything_else() {
    let (mut pipe, outflow, mut client) = connected().await;
    let all = choke(&outflow).await;
    assert!(is_woken(&outflow).await, "somebody has to see the tail off");
    let newest = outflow.told().expect("the link's turn").serial + 1;
    assert!(!outflow.offer(told(newest), &bytes(newest, 5)), "the tail is not off yet");
    let library = tokio::spawn(async move {
        pipe.write_all(b"message").await.expect("open");
        pipe
    });
    assert!(read(&mut client, all.len()).await == all, "frames arrive whole and in order");
    assert_eq!(read(&mut client, 7).await, b"message");
    let _pipe = timeout(SOON, library).await.expect("in time").expect("no panic");
    assert!(outflow.offer(told(newest), &bytes(newest, 5)));
}

#[tokio::test]
async fn a_flush_sees_the_tail_off() {
    let (mut pipe, outflow, mut client) = connected().await;
    let all = choke(&outflow).await;
    let flush = tokio::spawn(async move { pipe.flush().await.map(|()| pipe) });
    assert!(read(&mut client, all.len()).await == all);
    let _pipe = timeout(SOON, flush).await.expect("in time").expect("no panic").expect("open");
    assert!(outflow.line().tail.is_empty());
}
