#!/bin/bash
mkdir /srv/gone && cd /srv/gone && rmdir /srv/gone
