#!/bin/bash
late() {
  sleep 0.1
  return 9
}
late &
