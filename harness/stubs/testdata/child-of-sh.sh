#!/bin/sh
backend a 'b c'
