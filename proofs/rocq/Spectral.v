(* Spectral projectors from their eigenvector equations (proofs/existence.md section 5; "Why the identities of a formula
   suffice" in symplrnn/certificate/check.py).

   Over any field F, for a square matrix S, different scalars l_i and matrices E_i:
   - if sum E_i = 1 and S E_i = l_i E_i for all i, then E_i is Lagrange's polynomial of l_i in S. So E_i E_i = E_i,
     E_i E_j = 0 for i <> j, E_i commutes with all that commutes with S, p(S) = sum p(l_i) E_i for every polynomial p,
     E_i is the identity on the eigenvectors for l_i, and no other matrices do the same;
   - in characteristic 0, idempotents E_i with sum 1 are orthogonal, and with S = sum l_i E_i they satisfy
     the equations above: the identities C1, C2, C3. *)

From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Spectral.

Variables (F : fieldType) (n : nat) (I : finType).
Implicit Types (S A : 'M[F]_n.+1) (l : I -> F) (E : I -> 'M[F]_n.+1) (p : {poly F}).

Definition spectral S l E := [/\ injective l, \sum_i E i = 1 & forall i, S * E i = l i *: E i].

Lemma horner_eigen S c r (X : 'M_(n.+1, r)) p : S *m X = c *: X -> horner_mx S p *m X = p.[c] *: X.
Proof.
move=> SX; elim/poly_ind: p => [|p a IH]; first by rewrite rmorph0 horner0 mul0mx scale0r.
rewrite rmorphD rmorphM /= horner_mx_X horner_mx_C hornerMXaddC mulmxDl -mulmxE -mulmxA SX.
by rewrite -scalemxAr IH scalerA mul_scalar_mx -scalerDl mulrC.
Qed.

Definition lagrange l i := \prod_(j | j != i) ((l i - l j)^-1 *: ('X - (l j)%:P)).

Lemma lagrangeE l i k : injective l -> (lagrange l i).[l k] = (k == i)%:R.
Proof.
move=> inj; rewrite horner_prod; have [->|ki] := eqVneq k i.
  rewrite big1 // => j ji; rewrite !hornerE mulVf // subr_eq0.
  by apply: contra ji => /eqP /inj ->.
by rewrite (bigD1 k) //= !hornerE subrr mulr0 mul0r.
Qed.

Section Given.

Variables (S : 'M[F]_n.+1) (l : I -> F) (E : I -> 'M[F]_n.+1).
Hypothesis spec : spectral S l E.

Theorem spectral_value p : horner_mx S p = \sum_i p.[l i] *: E i.
Proof.
case: spec => _ sum eigen; rewrite -[LHS]mulr1 -sum mulr_sumr.
by apply: eq_bigr => i _; rewrite -mulmxE; apply: horner_eigen; rewrite mulmxE eigen.
Qed.

Theorem spectral_polynomial i : E i = horner_mx S (lagrange l i).
Proof.
case: (spec) => inj _ _; rewrite spectral_value (bigD1 i) //= big1 => [|j ji].
  by rewrite lagrangeE // eqxx scale1r addr0.
by rewrite lagrangeE // (negPf ji) scale0r.
Qed.

Theorem spectral_sum : S = \sum_i l i *: E i.
Proof. by rewrite -{1}(horner_mx_X S) spectral_value; apply: eq_bigr => i _; rewrite hornerX. Qed.

Theorem spectral_orthogonal i j : E i * E j = if i == j then E j else 0.
Proof.
case: (spec) => inj _ eigen.
rewrite [E i]spectral_polynomial -mulmxE (horner_eigen (c := l j)) ?mulmxE ?eigen // lagrangeE // [j == i]eq_sym.
by case: (i == j); rewrite ?scale1r ?scale0r.
Qed.

Theorem spectral_comm A i : A * S = S * A -> A * E i = E i * A.
Proof. by move=> AS; rewrite spectral_polynomial; apply: comm_mx_horner. Qed.

(* S is annihilated by a polynomial with simple roots, so it is diagonalisable. *)
Theorem spectral_root : horner_mx S (\prod_i ('X - (l i)%:P)) = 0.
Proof.
rewrite spectral_value big1 // => i _.
by rewrite horner_prod (bigD1 i) //= !hornerE subrr mul0r scale0r.
Qed.

(* The columns of E_i span the whole eigenspace. *)
Theorem spectral_range i r (X : 'M_(n.+1, r)) : S *m X = l i *: X <-> E i *m X = X.
Proof.
case: (spec) => inj _ eigen; split=> [SX|EX].
  by rewrite spectral_polynomial (horner_eigen _ SX) lagrangeE // eqxx scale1r.
by rewrite -EX mulmxA mulmxE eigen scalemxAl.
Qed.

End Given.

Theorem spectral_unique S l E E' : spectral S l E -> spectral S l E' -> E =1 E'.
Proof. by move=> spec spec' i; rewrite (spectral_polynomial spec) (spectral_polynomial spec'). Qed.

(* The trace of an idempotent is its rank. *)
Lemma trace_factors m r (C : 'M[F]_(m, r)) (R : 'M_(r, m)) :
  row_full C -> row_free R -> C *m R *m (C *m R) = C *m R -> \tr (C *m R) = r%:R.
Proof.
move=> /row_fullP[B BC] /row_freeP[D RD] idem.
have RC : R *m C = 1%:M.
  have : B *m (C *m R *m (C *m R)) *m D = 1%:M by rewrite idem mulmxA BC mul1mx.
  by rewrite !mulmxA BC mul1mx -!mulmxA RD mulmx1.
by rewrite mxtrace_mulC RC mxtrace1.
Qed.

Lemma trace_idempotent A : A * A = A -> \tr A = (\rank A)%:R.
Proof.
move=> idem; rewrite -{1}(mulmx_base A); apply: trace_factors; rewrite ?col_base_full ?row_base_free //.
by rewrite mulmx_base.
Qed.

Lemma natr_inj : [char F] =i pred0 -> injective (fun k => k%:R : F).
Proof.
move/charf0P=> char0; have le a b : a%:R = b%:R :> F -> (a <= b)%N.
  case: (leqP a b) => // lt eq; move: (char0 (a - b)%N).
  by rewrite natrB ?(ltnW lt) // eq subrr eqxx => /esym; rewrite subn_eq0 leqNgt lt.
by move=> a b eq; apply/eqP; rewrite eqn_leq !le.
Qed.

Section Idempotents.

Variable E : I -> 'M[F]_n.+1.
Hypotheses (char0 : [char F] =i pred0) (idem : forall i, E i * E i = E i) (sum : \sum_i E i = 1).

(* C1 and C2: the ranks add up to the size, so the ranges form a direct sum. *)
Theorem idempotents_orthogonal i j : i != j -> E i * E j = 0.
Proof.
have ranks : (\sum_i \rank (E i))%N = n.+1.
  apply: (natr_inj char0); rewrite natr_sum -(mxtrace1 F n.+1) -[1%:M]/(1 : 'M_n.+1) -sum raddf_sum /=.
  by apply: eq_bigr => k _; rewrite trace_idempotent.
have direct : mxdirect (\sum_k E k).
  apply/mxdirectP => /=; rewrite ranks; apply/eqP; rewrite eqn_leq rank_leq_col /=.
  rewrite -[X in (X <= _)%N](mxrank1 F) mxrankS // -[1%:M]/(1 : 'M_n.+1) -sum.
  by apply: summx_sub => k _; rewrite (sumsmx_sup k).
move=> ij; apply/eqP; rewrite -submx0.
have <- : (E j :&: \sum_(k | k != j) E k = 0)%MS by apply: (mxdirect_sumsP direct).
rewrite sub_capmx -{1}mulmxE submxMl /=.
have /eqP : E i * (\sum_k E k) = E i by rewrite sum mulr1.
rewrite (bigD1 i) //= mulrDr idem mulr_sumr -subr_eq0 [E i + _]addrC addrK (bigD1 j) /=; last by rewrite eq_sym.
rewrite addr_eq0 => /eqP ->.
rewrite eqmx_opp summx_sub // => k /andP[_ kj].
by rewrite (submx_trans (submxMl _ _)) // (sumsmx_sup k).
Qed.

(* C1, C2 and C3. *)
Theorem idempotents_spectral S l : injective l -> S = \sum_i l i *: E i -> spectral S l E.
Proof.
move=> inj SE; split=> // i; rewrite SE mulr_suml (bigD1 i) //= -scalerAl idem big1 ?addr0 // => j ji.
by rewrite -scalerAl idempotents_orthogonal // scaler0.
Qed.

End Idempotents.

End Spectral.
