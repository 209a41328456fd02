#!/bin/bash
start() {
  echo started
}
