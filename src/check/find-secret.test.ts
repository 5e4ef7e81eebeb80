import { describe, expect, it } from 'vitest';
import { findSecret } from './find-secret.ts';

const at = ['variables', 'all', 'x'];

describe('a secret is found', () => {
  it.each([
    ['auth_pass 12345678', 'a password'],
    ['the old one was 12345678', 'a password'],
    ['--token=K10c7c5a1b2c3d4e5f60718293a4b5c6d7e8::server:0f1e2d3c', 'a token of K3s'],
    ['kubeadm join --token abcdef.0123456789abcdef', 'a bootstrap token'],
    [
      'http-request set-header Authorization eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123',
      'a JSON Web Token',
    ],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'a token of GitHub'],
    ['glpat-aB3dE5gH7jK9mN1pQ3sT', 'a token of GitLab'],
    ['AKIAIOSFODNN7EXAMPLE', 'an access key of AWS'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA', 'a private key'],
    ['$6$rounds=5000$saltsalt$GQm0Vj3dQ5kH', 'a password hash'],
    ['$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36', 'a password hash'],
    ['{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'a password hash'],
    ['user ann insecure-password hunter22', 'a password'],
    ['user ann password k6y3U5iazlwKE', 'a password'],
    ['stats auth admin:hunter22', 'a password'],
    ['postgres://k3s:hunter22@10.17.3.14:5432/kubernetes', 'a password'],
    ['registry --username ci --password=hunter22', 'a password'],
    ['password: hunter22', 'a password'],
  ])('in %s', (text, what) => {
    expect(findSecret({ text, at })).toBe(what);
  });

  it.each([
    'password',
    'db_password',
    'git-token',
    'adminPassword',
    'apiKey',
    'pass',
    'client_secret',
    'privateKey',
  ])('by its key %s', (key) => {
    expect(findSecret({ text: 'hunter', at, key })).toBe('a secret');
  });

  it('in digits where the key is of a password', () => {
    expect(findSecret({ text: '4711', at, key: 'root_password', isNumber: true })).toBe('a secret');
  });
});

describe('no secret is found', () => {
  it.each([
    '5d3c1f0e-8a0b-4c1e-9c53-2f1d7d2a9a10',
    '12345678-1234-1234-1234-123456789abc',
    '52:54:00:c6:ba:3c',
    'SHA256:12345678abcdefGHIJKLmnopqrstuvwxyz0123456789',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7Oq3vH1C2m5YqG4XbT9uWk0sZlR8dNfPzE6aQhMtUv ops@laptop',
    '-----BEGIN CERTIFICATE-----\nMIIBdzCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhrM3Mtc2Vy',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
    'master1.kubernetes.example',
    'worker.kubernetesinterna',
    'password: see the vault, entry 7',
    'the token is in vault_k3s_token',
    'registry --password=vault_registry_password',
    'curl --password="$REGISTRY_PASSWORD"',
    'token={{ vault_k3s_token }}',
    'http://proxy.example.com:3128',
    'server s1 10.17.3.14:5432 check inter 1s',
    'mark 0x12345678 accept',
    'tcp dport { 80, 443 } accept',
    'passwordless sudo for ops',
  ])('in %s', (text) => {
    expect(findSecret({ text, at })).toBeUndefined();
  });

  it.each([
    ['registry_password', 'vault_registry_password'],
    ['token', '/etc/rancher/k3s/token'],
    ['private_key', '~/.ssh/id_ed25519'],
    ['tls_secret', 'wildcard-tls'],
    ['imagePullSecret', 'regcred'],
    ['bypass', 'lan'],
    ['password_file', '/run/secrets/pw'],
    ['public_key', 'AAAAC3NzaC1lZDI1NTE5'],
    ['require_password', 'yes'],
  ])('by the key %s with %s', (key, text) => {
    expect(findSecret({ text, at, key })).toBeUndefined();
  });

  it('in a number of something else', () => {
    expect(findSecret({ text: '3600', at, key: 'refresh_token', isNumber: true })).toBeUndefined();
    expect(findSecret({ text: '12345678', at, key: 'serial', isNumber: true })).toBeUndefined();
  });
});
