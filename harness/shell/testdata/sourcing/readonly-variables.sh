#!/bin/bash
# shellcheck disable=SC2034
readonly name=1 file=1 line=1 slot=1 code=1 word=1 depth=1 index=1 frame=1 all=1 form=1 ancestors=1 run=1 drop=1 dirty=1
readonly PWD_=1 LC_ALL=C TMOUT=1 PS4='+ '
