#!/bin/bash
greeting() {
  echo hello
}
