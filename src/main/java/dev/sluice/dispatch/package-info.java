/** The fate of a batch: its event bytes, its attempts, its outcome. */
package dev.sluice.dispatch;
