//! The evaluation and training pass of recurrent layers, whose output shape depends on their type parameters.

use dfdx::{shapes::Const, tensor::Cpu};

use super::{AllStates, Bidirectional, LastState, OneWay, Recurrent, RecurrentCell};
use crate::nn::{layers::sequence::passes::sequence_passes, size::Doubles};

macro_rules! takes {
    ($($out:ident $way:ident [$($bounds:tt)*] => $to:tt;)+) => {$(
        sequence_passes! {
            [Cell: RecurrentCell, const N: usize, const I: usize, const H: usize, const LAYERS: usize,] [$($bounds)*]
            Recurrent<Cell, I, H, LAYERS, $out, $way, E, D>, Recurrent<Cell, I, H, LAYERS, $out, $way, f32, Cpu>:
            (Const<N>, Const<I>) => $to
        }
    )+};
}

takes! {
    LastState OneWay [] => (Const<H>);
    AllStates OneWay [] => (Const<N>, Const<H>);
    LastState Bidirectional [Const<H>: Doubles,] => (<Const<H> as Doubles>::Twice);
    AllStates Bidirectional [Const<H>: Doubles,] => (Const<N>, <Const<H> as Doubles>::Twice);
}
