#!/bin/bash
first() {
  echo first
}
second() {
  if true; then
    echo second
}
