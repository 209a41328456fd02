#!/bin/bash
umask 777
