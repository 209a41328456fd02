#!/bin/bash
unset PATH
